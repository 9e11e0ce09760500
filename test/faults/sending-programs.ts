import { Subject } from 'rxjs';
import { Channel, type Overflow } from 'rxjs-sluice';
import { verifyConservation } from 'rxjs-sluice/marbles';
import {
  ChannelClosedError,
  ChannelOverflowError,
  StageMeter,
  intoChannel,
} from 'rxjs-sluice/operators';
import { expect } from 'vitest';
import { expectSame } from './programs.js';

/** What is done to a pipe that ends in a channel, by its source, its consumer and whoever else has the channel. */
export type SendingOperation =
  'push' | 'complete' | 'error' | 'unsubscribe' | 'try to receive' | 'receive' | 'close' | 'cancel';

export const sendingOperations: readonly SendingOperation[] = [
  'push',
  'complete',
  'error',
  'unsubscribe',
  'try to receive',
  'receive',
  'close',
  'cancel',
];

type End = 'complete' | 'error' | 'closed';

/** What should come of a program, of a channel that blocks. */
class ExpectedSending {
  readonly ends: End[] = [];
  private state: 'open' | 'ending' | 'over' = 'open';
  private how: 'complete' | 'error' = 'complete';
  private closed = false;
  private held = 0;
  private parked = 0;
  private receivers = 0;

  constructor(private readonly capacity: number) {}

  get observed(): boolean {
    return this.state === 'open';
  }

  run(operation: SendingOperation): void {
    switch (operation) {
      case 'push':
        if (this.state === 'open') this.push();
        break;
      case 'complete':
      case 'error':
        if (this.state !== 'open') break;
        this.state = 'ending';
        this.how = operation;
        this.look();
        break;
      case 'unsubscribe':
        this.state = 'over';
        this.parked = 0;
        break;
      case 'try to receive':
      case 'receive':
        this.receive(operation === 'receive');
        break;
      case 'cancel':
        this.close();
        this.held = 0;
        break;
      case 'close':
        this.close();
    }
  }

  private push(): void {
    this.parked++;
    if (this.closed) this.end('closed');
    else this.look();
  }

  private receive(waits: boolean): void {
    if (this.held > 0) this.held--;
    else if (this.closed) return;
    else if (this.parked > 0) this.parked--;
    else if (waits) this.receivers++;
    this.look();
  }

  private close(): void {
    this.closed = true;
    this.receivers = 0;
    if (this.parked > 0) this.end('closed');
  }

  /** Moves what can be moved; then it may be at its end. */
  private look(): void {
    while (!this.closed && this.parked > 0 && this.held < this.capacity + this.receivers) {
      this.parked--;
      if (this.receivers > 0) this.receivers--;
      else this.held++;
    }
    if (this.state === 'ending' && this.parked === 0) this.end(this.how);
  }

  private end(how: End): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.parked = 0;
    this.closed = true;
    this.receivers = 0;
    this.ends.push(how);
  }
}

/** What a channel is closed with: the error of its source, or of its policy. */
function expectKnown(error: unknown): void {
  if (error !== 'source error') expect(error).toBeInstanceOf(ChannelOverflowError);
}

const endOf = (error: unknown): End | 'overflow' => {
  if (error instanceof ChannelClosedError) return 'closed';
  return error instanceof ChannelOverflowError ? 'overflow' : 'error';
};

/** Runs a program, and checks after each operation that all is as expected, and that no value is lost. */
export function sendingOf(
  program: readonly SendingOperation[],
  capacity: number,
  overflow: Overflow,
): void {
  const source = new Subject<number>();
  const meter = new StageMeter();
  const ends: (End | 'overflow')[] = [];
  const received: number[] = [];
  const dropped: number[] = [];
  const onDrop = (value: number): void => void dropped.push(value);
  const expected = overflow === 'block' ? new ExpectedSending(capacity) : undefined;
  const channel = new Channel<number>(capacity, { overflow, onDrop });
  const pipe = source.pipe(intoChannel(channel, { meter, onDrop }));
  const subscription = pipe.subscribe({
    error: (error: unknown) => ends.push(endOf(error)),
    complete: () => ends.push('complete'),
  });
  const sent: number[] = [];
  const note = (result: IteratorResult<number, undefined> | undefined): void => {
    if (result?.done === false) received.push(result.value);
  };
  const operate: Readonly<Record<SendingOperation, (value: number) => void>> = {
    push(value) {
      if (source.observed) sent.push(value);
      source.next(value);
    },
    complete: () => source.complete(),
    error: () => source.error('source error'),
    unsubscribe: () => subscription.unsubscribe(),
    'try to receive'() {
      try {
        note(channel.tryReceive());
      } catch (error) {
        expectKnown(error);
      }
    },
    receive: () => void channel.receiveWith(note, expectKnown),
    close: () => channel.close(),
    cancel: () => channel.cancel(),
  };
  program.forEach((operation, value) => {
    expected?.run(operation);
    operate[operation](value);
    verifyConservation(meter);
    if (expected === undefined) return;
    expectSame([ends, source.observed], [expected.ends, expected.observed], program);
  });
  subscription.unsubscribe();
  channel.cancel();
  expectSame([...received, ...dropped].sort(), sent, program);
  expectSame(received.toSorted(), received, program);
  const left = [source.observed, meter.held, channel.length, ends.length < 2];
  expectSame(left, [false, 0, 0, true], program);
}
