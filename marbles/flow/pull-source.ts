import { pullInto } from '../../operators/sources/pull-from.js';
import type { Reader } from '../../operators/sources/readers.js';
import type { Moment, Track } from '../diagram/track.js';
import { FlowSource } from './flow-source.js';
import { Log } from './log.js';
import type { Script, Step } from './script.js';
import type { Timeline } from './timeline.js';

/**
 * A source that waits, as {@link pullFrom} makes it, and that knows when each of its values was asked for.
 */
export class PullSource<T> extends FlowSource<T> {
  /**
   * For each subscription, each pull, at the frame in which it asked: the value that it got, the end or the
   * error; and when the source was let go before its end.
   */
  readonly pulled: readonly Track[];

  /** @internal */
  constructor(time: Timeline, script: Script<T>) {
    const logs: Log[] = [];
    super(time, (subscriber) => {
      const log = new Log(time);
      logs.push(log);
      pullInto(subscriber, () => new ScriptReader(script, time, log), 'pull');
    });
    this.pulled = logs;
  }
}

/** Reads a script value by value; the idle frames before a value are what its production takes. */
class ScriptReader<T> implements Reader<T> {
  private place = 0;
  private pending: { unsubscribe(): void } | undefined;

  constructor(
    private readonly script: Script<T>,
    private readonly time: Timeline,
    private readonly log: Log,
  ) {}

  read(
    arrived: (result: IteratorResult<T, undefined>) => void,
    failed: (error: unknown) => void,
  ): IteratorResult<T, undefined> | undefined {
    const entry = this.script[this.place];
    if (entry === undefined) return undefined; // it does not say how it goes on, and so never answers
    const { frame, step } = entry;
    const before = this.script[this.place++ - 1];
    // A value takes a frame of the diagram itself.
    const delay = before === undefined ? frame : frame - before.frame - 1;
    const pull: Moment = { ...step, frame: this.time.now() };
    // A source that is let go while its end is under way has not been pulled to its end.
    const isEnd = step.kind !== 'next';
    if (!isEnd || delay === 0) this.log.add(pull);
    if (delay === 0) {
      if (step.kind === 'error') throw step.error;
      return resultOf(step);
    }
    this.pending = this.time.after(delay, () => {
      if (isEnd) this.log.add(pull);
      if (step.kind === 'error') failed(step.error);
      else arrived(resultOf(step));
    });
    return undefined;
  }

  release(): void {
    this.pending?.unsubscribe();
    this.log.mark('unsubscribe');
  }
}

function resultOf<T>(step: Exclude<Step<T>, { kind: 'error' }>): IteratorResult<T, undefined> {
  return step.kind === 'next'
    ? { done: false, value: step.value }
    : { done: true, value: undefined };
}
