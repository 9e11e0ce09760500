import { tap, type Observable, type Subscription } from 'rxjs';
import type { Track } from '../diagram/track.js';
import { takeOn } from '../take-on.js';
import { Log } from './log.js';
import { ColdSource } from './pushed.js';
import type { Script } from './script.js';
import type { Timeline } from './timeline.js';

/** From when to when a recording is subscribed. */
export interface Span {
  readonly from: number;
  /** `Infinity`: to the end of the flow. */
  readonly to: number;
}

/** A consumer: subscribes, takes values when it is told to, and records what it gets. */
export class Recording {
  /** What came, and when. */
  readonly emitted: Track;
  /** When it asked for a value, each time; nothing where it takes whatever comes. */
  readonly asked: Track;
  readonly #time: Timeline;
  #subscription: Subscription | undefined;

  /** @internal */
  constructor(
    time: Timeline,
    source: Observable<unknown>,
    { from, to }: Span,
    takes: Script<unknown> | undefined,
  ) {
    const emitted = new Log(time);
    const asked = new Log(time);
    this.#time = time;
    this.emitted = emitted;
    this.asked = asked;
    const output =
      takes === undefined
        ? source
        : source.pipe(takeOn(new ColdSource(time, takes).pipe(tap(() => asked.next(1)))));
    const begin = (): void => {
      this.#subscription = output.subscribe({
        next: (value) => emitted.next(value),
        error: (error) => emitted.error(error),
        complete: () => emitted.mark('complete'),
      });
    };
    // What is found while the flow runs, a group, may emit in the same turn.
    if (from === 0 && time.phase === 'runs') begin();
    else time.after(from, begin);
    if (to !== Infinity) time.after(to, () => this.end());
  }

  /** Whether the flow has run to its end. */
  get over(): boolean {
    return this.#time.phase === 'over';
  }

  /** @internal The flow is over: lets the pipe go. */
  end(): void {
    this.#subscription?.unsubscribe();
  }
}
