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

/** So much of a frame is for the values. */
const PART_MS = 8;

type Write = (value: number) => void;

const deliveries: Readonly<Record<string, (count: number, write: Write) => Promise<void>>> = {
  'all at once': (count, write) => subscribed(range(1, count), write),
  'a frame at a time': (count, write) =>
    subscribed(
      range(1, count).pipe(
        bufferedChannel(CELLS, {
          pace: animationFrames(),
          yieldEvery: PART_MS,
          maxParked: Infinity,
        }),
      ),
      write,
    ),
  // What one would write without an operator: a loop that looks at the clock.
  'a frame at a time, by hand': async (count, write) => {
    for (let value = 1; value <= count;) {
      await nextFrame();
      const until = Date.now() + PART_MS;
      do write(value++);
      while (value <= count && Date.now() < until);
    }
  },
};

function subscribed(values: Observable<number>, write: Write): Promise<void> {
  return new Promise((resolve, reject) => {
    values.subscribe({ next: write, error: reject, complete: resolve });
  });
}

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
  await deliveries[delivery]!(count, (value) => {
    cells[value % CELLS]!.textContent = `${value}`;
    sum += value;
  });
  const totalMs = performance.now() - began;
  over = true;
  await watching;
  await new Promise((resolve) => setTimeout(resolve, 100)); // long tasks are told of later
  observer.disconnect();
  table.remove();
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
