// A sum says nothing of how many hold a semaphore at once. Each run looks once, so that it costs nothing.

/** All places are free, and there are no more of them. */
export function checkPlaces(size: number, tryAcquire: () => (() => void) | undefined): void {
  const given = [];
  for (let tried = 0; tried <= size; tried += 1) given.push(tryAcquire());
  if (given.pop() !== undefined) throw new Error(`Expected ${size} at once, got one more`);
  for (const release of given) {
    if (!release) throw new Error(`Expected ${size} free places, got fewer`);
    release();
  }
}

/** While the only place is held, and all wait for it: who has got in by the next turn of the event loop? */
export async function checkNobodyIn(sum: () => number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (sum() !== 0) throw new Error('Expected all to wait for the only place, got some who did not');
}
