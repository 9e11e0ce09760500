import { NOTHING, report } from '../callbacks.js';

/** The first error of a group, and who has heard of it. */
export interface Failure {
  readonly error: unknown;
  /** How many tasks have failed to whose promise nobody listens. */
  unheard: number;
  /** Whether one who waited for the group has been told. */
  told: boolean;
}

/** What becomes of a failure of which nobody can hear any more: it goes to the host. */
const lost = /* @__PURE__ */ new FinalizationRegistry<Failure>(({ error, unheard, told }) => {
  if (!told && unheard > 0) report(error);
});

/** Sees to it that a failure does not vanish with its group. */
export function reportIfUnheard(group: object, failure: Failure): void {
  try {
    // Until its stack is read, an error of V8's keeps what was called when it was made: the group.
    Reflect.get(Object(failure.error) as object, 'stack');
  } catch {
    // Then it has no stack to keep.
  }
  lost.register(group, failure);
}

/**
 * The promise of a task, which knows whether anybody listens to it. Its error is for its listeners or
 * for whoever waits for the group; they may come later than a host would call it unhandled.
 */
export class TaskPromise<T> extends Promise<T> {
  /** Kept from being collected for as long as somebody may still listen here. */
  protected group: object | undefined;
  private failure: Failure | undefined;
  private heard = false;

  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (!this.heard) {
      this.heard = true;
      if (this.failure !== undefined) this.failure.unheard--;
    }
    return super.then(fulfilled, rejected);
  }

  /** Its task has failed: the host need not tell of it. */
  failed(group: object, failure: Failure): void {
    this.group = group;
    this.failure = failure;
    if (!this.heard) failure.unheard++;
    void super.then(undefined, NOTHING);
  }
}
