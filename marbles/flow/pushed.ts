import { Subject, type Subscriber } from 'rxjs';
import type { Track } from '../diagram/track.js';
import { FlowSource } from './flow-source.js';
import { Log } from './log.js';
import type { Script, Step } from './script.js';
import type { Timeline } from './timeline.js';

/** Plays its script to each subscriber, from the moment at which it subscribes. */
export class ColdSource<T> extends FlowSource<T> {
  /** @internal */
  constructor(time: Timeline, script: Script<T>) {
    super(time, (subscriber) => {
      for (const { frame, step } of script) {
        subscriber.add(time.after(frame, () => tell(subscriber, step)));
      }
    });
  }
}

/** Plays its script once, from the start of the flow, whoever listens. */
export class HotSource<T> extends FlowSource<T> {
  /** @internal */
  constructor(time: Timeline, script: Script<T>) {
    const listeners = new Subject<T>();
    super(time, (subscriber) => subscriber.add(listeners.subscribe(subscriber)));
    time.onStart(() => {
      for (const { frame, step } of script) time.after(frame, () => tell(listeners, step));
    });
  }
}

/**
 * Plays its script from the start of the flow, but not while it is paused: a socket, a consumer of a
 * broker, anything with `pause` and `resume`.
 *
 * Invariant: while it plays, a step that is left has its timer; `left` is how long the next step was
 * still away when it was paused.
 */
export class PausableSource<T> extends FlowSource<T> {
  private readonly calls: Log;
  private readonly listeners: Subject<T>;
  private isPaused = false;
  private started = false;
  private next = 0;
  private due = 0;
  private left: number;
  private timer: { unsubscribe(): void } | undefined;

  /** @internal */
  constructor(
    time: Timeline,
    private readonly script: Script<T>,
  ) {
    const listeners = new Subject<T>();
    super(time, (subscriber) => subscriber.add(listeners.subscribe(subscriber)));
    this.listeners = listeners;
    this.calls = new Log(time);
    this.left = script[0]?.frame ?? 0;
    time.onStart(() => {
      this.started = true;
      this.play();
    });
  }

  /** Each call: `p` of pause, `r` of resume, whether it changed anything or not. */
  get paused(): Track {
    return this.calls;
  }

  /** From now on nothing comes, the rest of a group included. */
  readonly pause = (): void => {
    this.calls.next('p');
    if (this.isPaused) return;
    this.isPaused = true;
    this.timer?.unsubscribe();
    this.timer = undefined;
    if (this.started) this.left = this.due - this.time.now();
  };

  /** Goes on where it was paused. */
  readonly resume = (): void => {
    this.calls.next('r');
    if (!this.isPaused) return;
    this.isPaused = false;
    this.play();
  };

  private play(): void {
    const entry = this.script[this.next];
    if (!this.started || this.isPaused || this.timer !== undefined || entry === undefined) return;
    this.due = this.time.now() + this.left;
    this.timer = this.time.after(this.left, () => {
      this.timer = undefined;
      const following = this.script[++this.next];
      this.left = (following?.frame ?? entry.frame) - entry.frame;
      this.due = this.time.now() + this.left;
      tell(this.listeners, entry.step);
      this.play();
    });
  }
}

function tell<T>(
  observer: Pick<Subscriber<T>, 'next' | 'error' | 'complete'>,
  step: Step<T>,
): void {
  if (step.kind === 'next') observer.next(step.value);
  else if (step.kind === 'error') observer.error(step.error);
  else observer.complete();
}
