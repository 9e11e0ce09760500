import type { Channel, Receiver } from '../channel/channel.js';
import { NOTHING } from '../callbacks.js';
import { Waiter } from '../line/waiters.js';
import type { Pipe } from './pipe.js';
import { watch } from './watch.js';

/**
 * One channel that a pipe receives from.
 *
 * ```
 *            its turn               nothing there             a value comes
 *   ready ─────────────▶ moving ──────────────────▶ waiting ────────────────▶ loaded
 *     ▲                   │  ▲                                                  │
 *     └───────────────────┘  └──────────────────────────────────────────────────┘
 *       the value is given               its value is being given
 *
 *   any ──▶ over: its channel is closed and drained, or the pipe is over
 * ```
 *
 * Invariants, whenever foreign code runs:
 * - it stands in the channel's line while it is waiting, and at no other time;
 * - it has a value in hand while it is loaded, and at no other time.
 */
export class Intake<T> {
  state: 'ready' | 'moving' | 'waiting' | 'loaded' | 'over' = 'ready';
  private hand: T | undefined = undefined;
  private receiver: Receiver<T> | undefined = undefined;
  private unwatch = NOTHING;

  constructor(
    public channel: Channel<T>,
    private readonly pipe: Pipe<T>,
  ) {}

  /** Nothing is left to be taken, and nothing more will ever come. */
  get drained(): boolean {
    return this.channel.closed && this.channel.waiting === 0;
  }

  watch(): void {
    this.unwatch = watch(this.channel, this.closed);
    this.closed();
  }

  /** Stands in line. Producers that hear of it may load it at once, or end the pipe: it stands there no longer then. */
  wait(): void {
    const { receivers, senders } = this.channel;
    this.state = 'waiting';
    this.receiver = new Waiter(this.received, this.failed);
    receivers.push(this.receiver);
    senders.wake();
  }

  load(value: T): void {
    this.hand = value;
    this.state = 'loaded';
  }

  unload(): T {
    const value = this.hand as T;
    this.hand = undefined;
    this.state = 'moving';
    return value;
  }

  /** Leaves the line, if it stands there, without a value. */
  leaveLine(): void {
    const { receiver } = this;
    this.receiver = undefined;
    receiver?.list?.remove(receiver);
  }

  /** Leaves the channel alone from now on. */
  leave(): void {
    this.state = 'over';
    this.leaveLine();
    this.unwatch();
    this.unwatch = NOTHING;
    this.channel = undefined as never; // the intake may be kept until its turn, the channel is not
  }

  private readonly received = (result: IteratorResult<T, undefined>): void => {
    if (result.done === true) this.pipe.retire(this);
    else this.pipe.arrive(this, result.value);
  };

  private readonly failed = (error: unknown): void => this.pipe.end('failed', error);

  /** In line it hears by itself, and after a move it is looked at. */
  private readonly closed = (): void => {
    if (this.state === 'ready' && this.drained) this.pipe.conclude(this);
  };
}
