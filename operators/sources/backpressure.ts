import { Observable, Subscriber, type MonoTypeOperatorFunction } from 'rxjs';
import { checkFunction } from '../../src/check.js';
import { findDemand } from '../stage/operate.js';
import { checkLinkOptions, type LinkOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';
import { reportUnhandled } from '../stage/unhandled.js';

/** What {@link backpressure} calls. */
export interface BackpressureOptions extends LinkOptions {
  /** Makes the source stop for now. */
  readonly pause: () => void;
  /** Lets it go on. */
  readonly resume: () => void;
}

/**
 * Pauses and resumes a source that has switches for it: a socket, a flowing Node stream, a Kafka
 * consumer, an `EventEmitter`. Stands right behind the source, and passes everything through.
 *
 * The source is paused when the stage below is full after a value of its own, and resumed when there is
 * room; each is called once at each change, `pause` first of all, before the source is subscribed,
 * where the stage is full already. What comes although it is paused passes through all the same, and
 * meets the stage's `overflow`. After the end neither is called: a source that outlives the pipe may be
 * left paused.
 *
 * ```
 * source    abcdef|                stands still while it is paused
 * switches  -p----rprprprpr
 * takes     ------x-x-x-x-x-x
 *           backpressure({ pause, resume }), bufferedChannel(2)
 * held      12----121212121-0
 * output    ------a-b-c-d-e-(f|)
 * ```
 *
 * ```ts
 * import { fromEvent } from 'rxjs';
 * import { backpressure, toAsyncIterable } from 'rxjs-sluice/operators';
 * import { createReadStream } from 'node:fs';
 *
 * const file = createReadStream('package.json', { encoding: 'utf8', highWaterMark: 64 });
 * const chunks = fromEvent(file, 'data').pipe(
 *   backpressure({ pause: () => file.pause(), resume: () => file.resume() }),
 * );
 * for await (const chunk of toAsyncIterable(chunks, { capacity: 1 })) {
 *   console.log(typeof chunk); // string
 *   break;
 * }
 * ```
 *
 * - **emits** each value as it comes.
 * - **backpressures** by `pause`.
 * - **drops** nothing.
 * - **completes** when the source does.
 * - **errors** when the source does, or when `pause` or `resume` throws.
 * - **holds at most** nothing.
 *
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function backpressure<T>(options: BackpressureOptions): MonoTypeOperatorFunction<T> {
  checkFunction('pause', options.pause);
  checkFunction('resume', options.resume);
  checkLinkOptions(options);
  return (source) =>
    new Observable((subscriber) => {
      const outlet = new Outlet(subscriber, findDemand(subscriber, 'backpressure', options));
      const switched = new Switching(subscriber, outlet, options);
      subscriber.add(() => outlet.giveUp());
      switched.look();
      if (!subscriber.closed) source.subscribe(switched);
    });
}

/** Invariant: while the source is paused, and only then, it waits for room. */
class Switching<T> extends Subscriber<T> {
  private paused = false;

  constructor(
    private readonly below: Subscriber<T>,
    private readonly out: Outlet<T>,
    private readonly options: BackpressureOptions,
  ) {
    super(below);
  }

  override next(value: T): void {
    super.next(value);
    this.look();
  }

  /** There is room again. */
  pump(): void {
    this.paused = false;
    this.call('resume');
  }

  /** Pauses the source if there is no room left. */
  look(): void {
    if (this.closed || this.paused || this.out.room > 0) return;
    this.paused = true;
    this.call('pause');
    if (!this.closed) this.out.whenRoom(this); // at once where `pause` has made room
  }

  private call(which: 'pause' | 'resume'): void {
    try {
      this.options[which]();
    } catch (error) {
      if (this.closed) reportUnhandled(error);
      else this.below.error(error);
    }
  }
}
