import { Channel, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';
import { describe, expectTypeOf, it } from 'vitest';

describe('a channel', () => {
  const numbers = new Channel<number>(3);

  it('is both of its ends', () => {
    expectTypeOf(numbers).toExtend<SendChannel<number>>();
    expectTypeOf(numbers).toExtend<ReceiveChannel<number>>();
  });

  it('takes and gives values of its own type', () => {
    expectTypeOf(numbers.trySend).parameter(0).toEqualTypeOf<number>();
    expectTypeOf(numbers.tryReceive()).toEqualTypeOf<
      IteratorResult<number, undefined> | undefined
    >();
    expectTypeOf(numbers.receive()).toEqualTypeOf<Promise<IteratorResult<number, undefined>>>();
    // @ts-expect-error -- a string is no number
    numbers.trySend('1');
  });

  it('tells values from the end', () => {
    const result = numbers.tryReceive();
    if (result?.done === false) expectTypeOf(result.value).toEqualTypeOf<number>();
    if (result?.done === true) expectTypeOf(result.value).toEqualTypeOf<undefined>();
  });

  it('gives its values to for await', async () => {
    for await (const value of numbers) expectTypeOf(value).toEqualTypeOf<number>();
  });

  it('hears of drops by value and reason', () => {
    new Channel<string>(1, {
      overflow: 'drop-oldest',
      onDrop: (value, reason) => {
        expectTypeOf(value).toEqualTypeOf<string>();
        expectTypeOf(reason).toExtend<string>();
      },
    });
    // @ts-expect-error -- no such policy
    new Channel<string>(1, { overflow: 'drop-all' });
  });
});

describe('a send-only channel', () => {
  const sender: SendChannel<number> = new Channel<number>(3);

  it('has no receiving side', () => {
    expectTypeOf(sender).not.toHaveProperty('tryReceive');
    expectTypeOf(sender).not.toHaveProperty('receive');
    expectTypeOf(sender).not.toHaveProperty(Symbol.asyncIterator);
    expectTypeOf<SendChannel<number>>().not.toExtend<ReceiveChannel<number>>();
    // @ts-expect-error -- it only sends
    sender.tryReceive();
  });

  it('of a wider type stands in for one of a narrower type, and not the other way', () => {
    expectTypeOf<SendChannel<number | string>>().toExtend<SendChannel<number>>();
    expectTypeOf<SendChannel<number>>().not.toExtend<SendChannel<number | string>>();
  });
});

describe('a receive-only channel', () => {
  const receiver: ReceiveChannel<number> = new Channel<number>(3);

  it('has no sending side', () => {
    expectTypeOf(receiver).not.toHaveProperty('trySend');
    expectTypeOf(receiver).not.toHaveProperty('send');
    expectTypeOf(receiver).not.toHaveProperty('close');
    expectTypeOf<ReceiveChannel<number>>().not.toExtend<SendChannel<number>>();
    // @ts-expect-error -- it only receives
    receiver.trySend(1);
  });

  it('of a narrower type stands in for one of a wider type, and not the other way', () => {
    expectTypeOf<ReceiveChannel<number>>().toExtend<ReceiveChannel<number | string>>();
    expectTypeOf<ReceiveChannel<number | string>>().not.toExtend<ReceiveChannel<number>>();
  });
});
