import { animationFrames, range, type Observable } from 'rxjs';
import { bufferedChannel } from '../../operators/index.js';

/** What a burst of values does to a page. Times are in milliseconds. */
export interface Figures {
  /** The sum of the values that reached the page. */
  readonly sum: number;
  readonly longestFrameMs: number;
  /** How long tasks ran beyond 50 ms each, together: what a user feels as a frozen page. */
  readonly blockedMs: number;
  readonly totalMs: number;
  readonly frames: number;
}

const CELLS = 1_000;

const deliveries: Readonly<Record<string, (values: Observable<number>) => Observable<number>>> = {
  'all at once': (values) => values,
  'a frame at a time': (values) =>
    values.pipe(
      bufferedChannel(CELLS, { pace: animationFrames(), yieldEvery: 8, maxParked: Infinity }),
    ),
};

/** Writes `count` values into the cells of a table, one after the other. */
async function burst(delivery: string, count: number): Promise<Figures> {
  const table = document.createElement('div');
  table.style.cssText =
    'display: grid; grid-template-columns: repeat(25, 1fr); font: 10px monospace';
  const cells = Array.from({ length: CELLS }, () =>
    table.appendChild(document.createElement('span')),
  );
  document.body.append(table);
  await nextFrame();
  await nextFrame();

  const blocked: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) blocked.push(duration - 50);
  });
  observer.observe({ type: 'longtask' });
  const frames = [await nextFrame()];
  let over = false;
  const watching = (async () => {
    while (!over) frames.push(await nextFrame());
    frames.push(await nextFrame());
  })();

  const began = performance.now();
  let sum = 0;
  await new Promise<void>((resolve, reject) => {
    deliveries[delivery]?.(range(0, count)).subscribe({
      next: (value) => {
        cells[value % CELLS]!.textContent = `${value}`;
        sum += value;
      },
      error: reject,
      complete: resolve,
    });
  });
  const totalMs = performance.now() - began;
  over = true;
  await watching;
  await new Promise((resolve) => setTimeout(resolve, 100)); // long tasks are told of later
  observer.disconnect();
  return {
    sum,
    totalMs,
    blockedMs: blocked.reduce((all, one) => all + one, 0),
    longestFrameMs: Math.max(...frames.slice(1).map((at, i) => at - frames[i]!)),
    frames: frames.length,
  };
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

Object.assign(globalThis, { burst });
