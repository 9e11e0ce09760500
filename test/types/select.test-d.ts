import { after, recv, select, send, tick, trySelect, type Channel } from 'rxjs-sluice';
import { describe, expectTypeOf, it } from 'vitest';

declare const jobs: Channel<string>;
declare const counts: Channel<number>;
declare const on: boolean;

describe('a select', () => {
  it('results in the name of a case, which tells what else there is', async () => {
    const chosen = await select({ job: recv(jobs), count: recv(counts), sent: send(counts, 1) });
    expectTypeOf(chosen.case).toEqualTypeOf<'job' | 'count' | 'sent'>();
    if (chosen.case === 'job' && !chosen.done) expectTypeOf(chosen.value).toEqualTypeOf<string>();
    if (chosen.case === 'count' && chosen.done) {
      expectTypeOf(chosen.value).toEqualTypeOf<undefined>();
    }
    if (chosen.case === 'sent') expectTypeOf(chosen).not.toHaveProperty('value');
  });

  it('has nothing but a name for a timer', async () => {
    const chosen = await select({ idle: after(100), beat: tick(10) });
    expectTypeOf(chosen.case).toEqualTypeOf<'idle' | 'beat'>();
  });

  it('takes a case that is only there at times', async () => {
    const chosen = await select({ job: on && recv(jobs), count: on ? recv(counts) : undefined });
    expectTypeOf(chosen.case).toEqualTypeOf<'job' | 'count'>();
    if (chosen.case === 'count' && !chosen.done) {
      expectTypeOf(chosen.value).toEqualTypeOf<number>();
    }
  });

  it('never results in a case that is never there', async () => {
    const cases = { job: recv(jobs), never: undefined, nor: null, not: false } as const;
    const chosen = await select(cases);
    expectTypeOf(chosen.case).toEqualTypeOf<'job'>();
    expectTypeOf(chosen).toExtend<IteratorResult<string, undefined>>();
    expectTypeOf(trySelect<{ never: undefined }>).returns.toEqualTypeOf<undefined>();
  });

  it('has any name and one kind of case where these are made at run time', async () => {
    const cases = Object.fromEntries([counts].map((channel, n) => [n, recv(channel)] as const));
    const chosen = await select(cases);
    expectTypeOf(chosen.case).toEqualTypeOf<string>();
    if (!chosen.done) expectTypeOf(chosen.value).toEqualTypeOf<number>();
  });

  it('sends what the channel carries', () => {
    // @ts-expect-error -- a string is no number
    send(counts, 'one');
  });
});
