import type { SchedulerAction, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** The flow goes on for ever, as far as one can see. */
export class EndlessFlowError extends Error {
  override readonly name = 'EndlessFlowError';
  readonly code = 'ERR_ENDLESS_FLOW';

  constructor(
    /** How many steps it had taken. */
    readonly steps: number,
    /** The frame that it had reached. */
    readonly frame: number,
  ) {
    super(
      `The flow did not end within ${steps} steps, and stands at frame ${frame}: something in it ` +
        'keeps a timer going. Let the consumer leave, ' +
        "`record(pipe, { during: '^---!' })`, or raise `maxSteps`",
    );
  }
}

/** RxJS's virtual time, which tells when a frame is over and stops a flow that does not end. */
export class FlowScheduler extends TestScheduler {
  private steps = 0;
  private latest = 0;

  constructor(
    private readonly maxSteps: number,
    private readonly frameOver: (frame: number) => void,
  ) {
    super(() => {
      throw new TypeError('A flow is asserted when it is over, by its recordings');
    });
  }

  override schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay?: number,
    state?: T,
  ): Subscription {
    const step = (action: () => void): void => this.step(action);
    const stepped = function (this: SchedulerAction<T>, given?: T): void {
      step(() => work.call(this, given));
    };
    return super.schedule(stepped, delay, state);
  }

  /** The last frame is over. */
  finish(): void {
    this.frameOver(this.frame);
  }

  private step(action: () => void): void {
    if (this.frame !== this.latest) {
      this.frameOver(this.latest);
      this.latest = this.frame;
    }
    if (++this.steps > this.maxSteps) throw new EndlessFlowError(this.maxSteps, this.frame);
    try {
      action();
    } catch (error) {
      if (!isNothingDue(error)) throw error;
    }
  }
}

/**
 * Of two timers that are due in one frame, the first may cancel the second. RxJS's virtual time then still
 * looks for one that is due, finds none, and throws; there is nothing to do.
 */
function isNothingDue(error: unknown): boolean {
  return error instanceof Error && error.message === 'Expected a due immediate or interval';
}
