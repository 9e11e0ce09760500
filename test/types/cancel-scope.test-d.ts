import { CancelScope, Channel, type CancelScopeOptions, type WaitOptions } from 'rxjs-sluice';
import { describe, expectTypeOf, it } from 'vitest';

describe('a cancel scope', () => {
  const scope = new CancelScope({ timeout: 5 });

  it('is the options of a wait, and of a scope within it', () => {
    expectTypeOf(scope).toExtend<WaitOptions>();
    expectTypeOf(scope).toExtend<CancelScopeOptions>();
    expectTypeOf(new Channel<number>().receive(scope)).toEqualTypeOf<
      Promise<IteratorResult<number, undefined>>
    >();
  });

  it('is for a using block', () => {
    expectTypeOf(scope).toExtend<Disposable>();
  });

  it('has a signal that is there, and can be cancelled with any reason', () => {
    expectTypeOf(scope.signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(scope.cancel).toEqualTypeOf<(reason?: unknown) => void>();
    // @ts-expect-error -- it has one for good
    scope.signal = AbortSignal.abort();
  });

  it('takes a signal that may be absent, and times in milliseconds', () => {
    const signal = undefined as AbortSignal | undefined;
    new CancelScope({ signal });
    // @ts-expect-error -- an instant is a number
    new CancelScope({ deadline: new Date() });
    // @ts-expect-error -- no such option
    new CancelScope({ ms: 5 });
  });
});
