/**
 * A promise that shows at once how it was settled. The library's copy is made with it, so that what an
 * operation leads to can be read as soon as it returns: nothing of it happens later.
 */
export class ShownPromise<T> {
  state: 'pending' | 'resolved' | 'rejected' = 'pending';
  result: unknown;

  constructor(run: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void) {
    const settle = (state: 'resolved' | 'rejected') => (result: unknown) => {
      if (this.state !== 'pending') return;
      this.state = state;
      this.result = result;
    };
    const reject = settle('rejected');
    try {
      run(settle('resolved'), reject);
    } catch (error) {
      reject(error);
    }
  }

  static resolve<T>(value?: T): ShownPromise<T> {
    return new ShownPromise((resolve) => resolve(value as T));
  }

  static reject(reason: unknown): ShownPromise<never> {
    return new ShownPromise((_, reject) => reject(reason));
  }
}

type Listener = (() => void) | { handleEvent(): void };

/** An AbortSignal whose listeners can be seen. */
export class ShownSignal {
  readonly listeners: Listener[] = [];
  aborted = false;
  reason: unknown;

  addEventListener(_: 'abort', listener: Listener): void {
    this.listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    const at = this.listeners.indexOf(listener);
    if (at >= 0) this.listeners.splice(at, 1);
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.listeners]) {
      if (typeof listener === 'function') listener();
      else listener.handleEvent();
    }
  }
}
