import { Channel, channelOf } from '../channel/channel.js';
import type { ReceiveChannel } from '../channel/types.js';
import { checkInteger } from '../check.js';
import type { Given, OnDrop } from '../line/line.js';
import { Ring, valueAt } from '../line/ring.js';
import { checkPipelineOptions, type PipelineOptions } from './options.js';
import { Outlet } from './outlet.js';
import type { Outputs } from './outputs.js';
import { Pipe } from './pipe.js';

/** The options of {@link distribute}. */
export interface DistributeOptions<T> extends PipelineOptions {
  /** How many values each output may hold: an integer ≥ 0. Default 0. */
  readonly capacity?: number | undefined;
  /** Hears of what an output holds when it is cancelled. */
  readonly onDrop?: OnDrop<Given<T>> | undefined;
}

/**
 * `n` channels of one, each value to one of them: Go's fan-out, with a channel for each worker. A value goes
 * to whichever output has room; where several have, they take turns. A full one holds up no other.
 *
 * The input is received from only when an output has room. Where that goes while the input is waited on
 * (a receiver gives up), the one value that comes is kept until an output has room.
 *
 * All are closed when the input is closed and drained; with its error, or the signal's reason, behind what
 * they hold. An output that is cancelled leaves: `onDrop` hears of what it holds, and the others go on. When
 * the last has left, the input is left as it is, or cancelled with `cancel: true`.
 *
 * ```ts
 * import { Channel, distribute } from 'rxjs-sluice';
 *
 * const jobs = new Channel<string>(4);
 * const [left, right] = distribute(jobs, 2, { capacity: 2 });
 * for (const job of ['a', 'b', 'c']) jobs.trySend(job);
 * jobs.close();
 * for await (const job of left) console.log('left', job); // left a left c
 * for await (const job of right) console.log('right', job); // right b
 * ```
 *
 * @param n - how many outputs: an integer ≥ 1.
 * @throws {TypeError} at the call, for what is not a channel, or options that are not as stated.
 * @throws {RangeError} at the call, for a number of outputs or a capacity out of range.
 */
export function distribute<T, const N extends number>(
  channel: ReceiveChannel<T>,
  n: N,
  options: DistributeOptions<T> = {},
): Outputs<T, N> {
  const source = channelOf<T>(channel, 'channel');
  checkInteger('n', n, 1);
  checkPipelineOptions(options);
  const { capacity, onDrop } = options;
  const outputs = Array.from({ length: n }, () => new Channel<T>(capacity, { onDrop }));
  new Distribution(source, outputs, options);
  return outputs as ReceiveChannel<T>[] as Outputs<T, N>;
}

/**
 * A pipe that gives each value to one of its outlets.
 *
 * Invariant: each outlet that is open has its turn coming, or has asked to be told of room, or is being
 * given a value.
 */
class Distribution<T> extends Pipe<T> {
  private readonly turns = new Ring<Outlet<T>>();

  constructor(source: Channel<T>, outputs: readonly Channel<T>[], options: PipelineOptions) {
    super(options);
    const outlets = outputs.map((output) => new Outlet(output, this));
    for (const outlet of outlets) this.turns.push(outlet);
    this.start([source], outlets);
  }

  protected override hasRoom(): boolean {
    const { turns } = this;
    while (turns.length > 0) {
      const outlet = valueAt(turns, 0);
      if (outlet.hasRoom) return true;
      turns.shift();
      outlet.ask();
    }
    return false;
  }

  /** What is in hand goes to whoever has room first. */
  protected override mayGive(): boolean {
    return this.hasRoom();
  }

  protected override give(value: T): void {
    if (!this.hasRoom()) {
      // The end: it goes in line all the same.
      this.outlets[0]?.give(value);
      return;
    }
    const outlet = this.turns.shift();
    this.turns.push(outlet);
    outlet.give(value);
  }

  override hasRoomAt(outlet: Outlet<T>): void {
    this.turns.push(outlet);
    this.run();
  }
}
