import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const SAMPLE_MS = 50;

/** How much JavaScript heap is in use. */
export class HeapWatch {
  /** The most at any look, twenty times a second. Much of that is garbage, which V8 leaves lying. */
  peak = 0;
  /** The most after a full collection: what was really held. 0 where there was none. */
  peakLive = 0;
  private readonly looking = setInterval(() => this.look(), SAMPLE_MS);
  private readonly collections = new PerformanceObserver((list) => {
    const collections = list.getEntries() as unknown as Collection[];
    if (collections.some(isFull)) this.peakLive = Math.max(this.peakLive, this.used);
  });

  constructor() {
    this.collections.observe({ entryTypes: ['gc'] });
  }

  get used(): number {
    return getHeapStatistics().used_heap_size;
  }

  stop(): void {
    this.look();
    clearInterval(this.looking);
    this.collections.disconnect();
  }

  private look(): void {
    this.peak = Math.max(this.peak, this.used);
  }
}

interface Collection {
  readonly detail: { readonly kind: number };
}

function isFull({ detail }: Collection): boolean {
  return detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
