import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';

it("the host's time is that of its Date", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect([now >= before, now <= Date.now()]).toEqual([true, true]);
});

it('a timer of the host is set to whole milliseconds, and never comes before its time', () => {
  const delays: unknown[] = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((task: () => void, delay: unknown) => {
    delays.push(delay);
    return setTimeout(task, 0);
  }) as typeof setTimeout;
  try {
    for (const delay of [0, 0.2, 1, 333.4, 1000]) systemClock.schedule(() => {}, delay)();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  expect(delays).toEqual([0, 1, 1, 334, 1000]);
});

it('a timer of the host that is taken back never rings', async () => {
  const takeBack = systemClock.schedule(() => expect.fail('it was taken back'), 0);
  takeBack();
  await new Promise((resolve) => setTimeout(resolve, 1)); // set later, and so rings later
});
