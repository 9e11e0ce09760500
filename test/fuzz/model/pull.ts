import type { Subscriber } from 'rxjs';
import type { ReceiveChannel } from 'rxjs-sluice';
import type { PullInput } from 'rxjs-sluice/operators';
import type { Bench } from '../bench.js';
import type { Slot } from '../kit.js';
import type { Value } from '../values.js';
import { roomIn, type Mover, type World } from './world.js';

type Result = IteratorResult<Value, unknown>;

/** One way to read: returns the result, or nothing, and tells it later. */
interface Reader {
  read(arrived: (result: Result) => void, failed: (error: unknown) => void): Result | undefined;
  release(): void;
}

function readerOf(input: PullInput<Value>): Reader {
  if (input instanceof Object && 'receiveWith' in input) {
    const channel = input as unknown as ReceiveChannel<Value>;
    let giveUp = (): void => {};
    return {
      read(arrived, failed) {
        const result = channel.tryReceive();
        if (result === undefined) giveUp = channel.receiveWith(arrived, failed);
        return result;
      },
      release: () => giveUp(),
    };
  }
  if (input instanceof Object && Symbol.asyncIterator in input) {
    const iterator = (input as AsyncIterable<Value>)[Symbol.asyncIterator]();
    const { destroy = () => iterator.return?.() } = input as { readonly destroy?: () => unknown };
    return {
      read(arrived, failed) {
        const given: object = iterator.next(); // a promise, or as the library takes it too, a result
        if ('done' in given) return given as Result;
        void (given as Promise<Result>).then(arrived, failed);
        return undefined;
      },
      release: () => void destroy(),
    };
  }
  if (input instanceof Object && 'getReader' in input) {
    const reader = (input as unknown as ReadableStream<Value>).getReader();
    return {
      read: (arrived, failed) => void reader.read().then(arrived, failed),
      release: () => void reader.cancel(),
    };
  }
  const iterator = (input as Iterable<Value>)[Symbol.iterator]();
  return { read: () => iterator.next(), release: () => void iterator.return?.() };
}

/** A source that waits: room first, then a read; what finds the room gone is kept in hand. */
export class Pull implements Mover {
  private state: 'idle' | 'reading' | 'over' = 'idle';
  private inHand: { readonly value: Value } | undefined;
  private waits = false;
  private readonly reader: Reader;

  constructor(
    input: PullInput<Value>,
    private readonly name: string,
    readonly level: number,
    readonly below: Slot | undefined,
    private readonly subscriber: Subscriber<Value>,
    private readonly bench: Bench,
    private readonly world: World,
  ) {
    this.reader = readerOf(input);
    subscriber.add(() => this.stop());
    world.happens(() => {
      world.join(this);
      while (this.move());
    });
  }

  get wants(): boolean {
    return this.state === 'idle';
  }

  move(): boolean {
    if (this.state !== 'idle') return false;
    if (roomIn(this.below, this.waits) <= 0) {
      this.awaitTurn();
      return false;
    }
    this.waits = false;
    if (this.inHand === undefined) this.read();
    else this.pass();
    return true;
  }

  rest(): void {}

  private awaitTurn(): void {
    if (this.waits) return;
    this.waits = true;
    this.world.putLast(this);
  }

  private read(): void {
    this.state = 'reading';
    try {
      const result = this.reader.read(
        (late) => this.arrived(late),
        (error) => this.failed(error),
      );
      if (result !== undefined) this.arrived(result);
    } catch (error) {
      this.failed(error);
    }
  }

  private arrived({ done, value }: Result): void {
    if (this.state === 'over') {
      if (!done) this.drop(value);
      return;
    }
    this.world.happens(() => {
      if (done) {
        this.over();
        this.subscriber.complete();
      } else {
        this.state = 'idle';
        this.inHand = { value };
        if (roomIn(this.below, false) > 0) this.pass();
      }
    });
  }

  private failed(error: unknown): void {
    if (this.state === 'over') return;
    this.world.happens(() => {
      this.over();
      this.subscriber.error(error);
    });
  }

  private pass(): void {
    const { value } = this.inHand!;
    this.inHand = undefined;
    this.subscriber.next(value);
  }

  private over(): void {
    this.state = 'over';
    this.world.leave(this);
  }

  private stop(): void {
    if (this.state === 'over') return;
    this.over();
    if (this.inHand !== undefined) this.drop(this.inHand.value);
    this.reader.release();
  }

  private drop(value: Value): void {
    this.bench.wasDropped(this.name, value, 'unsubscribed');
  }
}
