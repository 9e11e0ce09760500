import type { Channel } from '../channel/channel.js';
import { NOTHING, report } from '../callbacks.js';
import { entrust } from './entrust.js';
import type { Pipe } from './pipe.js';
import { watch } from './watch.js';

/**
 * One channel that a pipe sends to.
 *
 * Invariants:
 * - values go in in the order in which they are given: none is sent past one that waits in line;
 * - it has asked at most once at a time to be told of room.
 */
export class Outlet<T> {
  /** How many values stand in the channel's line. */
  entrusted = 0;
  private asked = false;
  private giveUp = NOTHING;
  private unwatch = NOTHING;

  constructor(
    readonly channel: Channel<T>,
    private readonly pipe: Pipe<T>,
    /** Whether what finds no room waits for it; else the channel's policy rules. */
    readonly waits = true,
  ) {}

  get hasRoom(): boolean {
    return this.entrusted === 0 && this.channel.available > 0;
  }

  watch(): void {
    this.unwatch = watch(this.channel, this.closed);
    if (this.channel.closed) this.closed();
  }

  /** Has the pipe told when there is room. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.giveUp = this.channel.onAvailable(this.resume);
  }

  /**
   * Sends `value`. Where there is no room, or no more, it is entrusted to the channel's line; or the
   * channel's policy rules, and what that throws closes the channel.
   */
  give(value: T): void {
    const { channel, hasRoom } = this;
    if (!hasRoom && (this.waits || channel.closed)) {
      this.entrusted++;
      entrust(channel, value, this.settled);
      return;
    }
    try {
      channel.trySend(value);
    } catch (error) {
      if (!hasRoom) channel.close(error);
      else report(error); // a receiver threw, and has the value
    }
  }

  leave(): void {
    this.unwatch();
    this.giveUp();
  }

  private readonly settled = (taken: boolean): void => {
    this.entrusted--;
    this.pipe.settled(this, taken);
  };

  private readonly resume = (): void => {
    this.asked = false;
    this.pipe.hasRoomAt(this);
  };

  private readonly closed = (): void => this.pipe.lose(this);
}
