/** A signal that is made only when it is read: an AbortController costs more than many a task. */
export class LazySignal {
  private controller: AbortController | undefined;
  private end: { readonly reason: unknown } | undefined;

  get aborted(): boolean {
    return this.end !== undefined;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.end !== undefined) this.controller.abort(this.end.reason);
    }
    return this.controller.signal;
  }

  abort(reason?: unknown): void {
    this.end ??= { reason };
    this.controller?.abort(reason);
  }
}
