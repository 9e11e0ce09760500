import type { Channel } from '../channel/channel.js';
import type { Overflow } from '../line/line.js';
import type { PipelineOptions } from './options.js';
import { Outlet } from './outlet.js';
import { Pipe, type Ending } from './pipe.js';

interface BroadcastingOptions extends PipelineOptions {
  /** The policy of the outputs that there are from the beginning. */
  readonly overflow?: Overflow | undefined;
}

/**
 * A pipe that gives each value to all of its outlets.
 *
 * Invariants:
 * - `outlets` is never changed, but replaced: a value goes to those that are there when it is given;
 * - of those (`serving`), the first `served` have it.
 */
export class Broadcasting<T> extends Pipe<T> {
  private failure: unknown = undefined;
  private value: T | undefined = undefined;
  private serving: readonly Outlet<T>[] = [];
  private served = 0;
  /** Whether it goes on without an outlet: others may join. */
  private readonly mayBeJoined: boolean;

  constructor(source: Channel<T>, outputs: readonly Channel<T>[], options: BroadcastingOptions) {
    super(options);
    this.mayBeJoined = outputs.length === 0;
    this.start(
      [source],
      outputs.map((output) => this.outletTo(output, options.overflow)),
    );
  }

  get size(): number {
    return this.outlets.filter(isOpen).length;
  }

  join(output: Channel<T>, overflow: Overflow | undefined): void {
    if (this.over) {
      output.close(this.failure);
      return;
    }
    const outlet = this.outletTo(output, overflow);
    this.outlets = [...this.outlets.filter(isOpen), outlet];
    outlet.watch();
    this.run();
  }

  private outletTo(output: Channel<T>, overflow: Overflow = 'block'): Outlet<T> {
    return new Outlet(output, this, overflow === 'block');
  }

  /** Of the slowest that waits; where none does, of the fastest. */
  protected override hasRoom(): boolean {
    const { outlets } = this;
    let governed = false;
    for (const outlet of outlets) {
      if (!outlet.waits) continue;
      governed = true;
      if (outlet.hasRoom) continue;
      outlet.ask(); // the others can wait until it has
      return false;
    }
    if (governed || outlets.some(({ hasRoom }) => hasRoom)) return true;
    for (const outlet of outlets) outlet.ask();
    return false;
  }

  protected override give(value: T): void {
    this.value = value;
    this.serving = this.outlets;
    this.served = 0;
    this.giveOn();
    this.value = undefined;
    this.serving = [];
  }

  private giveOn(): void {
    while (this.served < this.serving.length) this.serving[this.served++]?.give(this.value as T);
  }

  /** A receiver may end it: then the others get what it has got before they are closed. */
  override end(ending: Ending, error?: unknown): void {
    this.giveOn();
    if (!this.over) this.failure = error; // who joins from now on hears of it
    super.end(ending, error);
  }

  /** The last one stays until another joins: what is on its way now is dropped there. */
  protected override deserted(last: Outlet<T>): void {
    if (this.mayBeJoined) {
      last.leave();
      this.withdraw();
    } else {
      super.deserted(last);
    }
  }
}

const isOpen = <T>({ channel }: Outlet<T>): boolean => !channel.closed;
