/**
 * A crawler that visits each page once: at most so many at a time, and so many per second. Its web is
 * a cube of ten dimensions: 1,024 pages with ten links each. Time is virtual. After the tour of Go's
 * "Web Crawler".
 */
import { RateLimiter, TaskGroup, after, select } from 'rxjs-sluice';
import { Time } from '../rate/time.js';

const DIMENSIONS = 10;
const AT_A_TIME = 8;
const PER_SECOND = 100;
const BURST = 10;
const FETCH_MS = 60;

export async function main() {
  const clock = new Time();
  const limiter = new RateLimiter({ rate: PER_SECOND, burst: BURST, clock });
  const group = new TaskGroup({ limit: AT_A_TIME });
  const seen = new Set<number>();
  const begun: number[] = [];
  let [fetching, most] = [0, 0];

  /** The links of a page. */
  async function fetchPage(page: number): Promise<number[]> {
    begun.push(clock.now());
    most = Math.max(most, ++fetching);
    await select({ loaded: after(FETCH_MS) }, { clock });
    fetching--;
    return Array.from({ length: DIMENSIONS }, (_, n) => page ^ (1 << n));
  }

  function visit(page: number): void {
    if (seen.has(page)) return;
    seen.add(page);
    void group.go(async ({ signal }) => {
      await limiter.wait({ signal });
      for (const link of await fetchPage(page)) visit(link);
    });
  }

  visit(0);
  const crawled = group.wait();
  while (group.running > 0) await clock.pass(1_000);
  await crawled;
  const inAnySecond = begun.map(
    (at, n) => begun.slice(n).filter((other) => other < at + 1_000).length,
  );
  return {
    pages: seen.size,
    fetches: begun.length,
    mostAtATime: most,
    mostPerSecond: Math.max(...inAnySecond),
    lastBegan: Math.max(...begun),
  };
}
