import { Channel, RateLimiter, ResourcePool, Semaphore } from 'rxjs-sluice';
import { expect, it } from 'vitest';

/** What is given by mistake: a controller has no `addEventListener`. */
const signal = new AbortController() as unknown as AbortSignal;

it('a wait with something that is no signal rejects, and leaves nothing behind', async () => {
  const refused = { name: 'TypeError', message: 'signal.addEventListener is not a function' };

  const channel = new Channel<number>(1);
  await expect(channel.receive({ signal })).rejects.toMatchObject(refused);
  expect([channel.trySend(1), channel.length]).toEqual([true, 1]);
  await expect(channel.send(2, { signal })).rejects.toMatchObject(refused);
  expect([channel.waiting, channel.tryReceive()]).toEqual([1, { done: false, value: 1 }]);

  const semaphore = new Semaphore(1);
  const release = await semaphore.acquire();
  await expect(semaphore.acquire({ signal })).rejects.toMatchObject(refused);
  release();
  expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);

  const pool = new ResourcePool({ create: () => ({}), max: 1 });
  const lease = await pool.acquire();
  await expect(pool.acquire({ signal })).rejects.toMatchObject(refused);
  lease();
  expect([pool.lent, pool.idle]).toEqual([0, 1]);

  const limiter = new RateLimiter({ rate: 0, burst: 1 });
  await limiter.wait();
  await expect(limiter.wait({ signal })).rejects.toMatchObject(refused);
  expect(limiter.waiting).toBe(0);
});
