const WINDOW_MS = 1000;

/** How fast a count grows, over the last second or a little more. */
export class Speedometer {
  private mark = { at: performance.now(), count: 0 };
  private perSecond = 0;

  read(count: number): number {
    const now = performance.now();
    const elapsedMs = now - this.mark.at;
    if (elapsedMs >= WINDOW_MS) {
      this.perSecond = ((count - this.mark.count) / elapsedMs) * 1000;
      this.mark = { at: now, count };
    }
    return this.perSecond;
  }
}
