import { Channel, RateLimiter, ResourcePool, Semaphore, recv, select } from 'rxjs-sluice';
import { expect, it } from 'vitest';

/** What is given by mistake: a controller has no `addEventListener`. */
const signal = new AbortController() as unknown as AbortSignal;

it('a wait with something that is no signal rejects, and leaves nothing behind', async () => {
  const refused = /^signal\??\.addEventListener is not a function$/;

  const channel = new Channel<number>(1);
  await expect(channel.receive({ signal })).rejects.toThrow(refused);
  expect([channel.trySend(1), channel.length]).toEqual([true, 1]);
  await expect(channel.send(2, { signal })).rejects.toThrow(refused);
  expect([channel.waiting, channel.tryReceive()]).toEqual([1, { done: false, value: 1 }]);

  const input = new Channel<number>();
  await expect(select({ got: recv(input) }, { signal })).rejects.toThrow(refused);
  expect([input.available, input.waiting]).toEqual([0, 0]);

  const semaphore = new Semaphore(1);
  const release = await semaphore.acquire();
  await expect(semaphore.acquire({ signal })).rejects.toThrow(refused);
  release();
  expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);

  const pool = new ResourcePool({ create: () => ({}), max: 1 });
  const lease = await pool.acquire();
  await expect(pool.acquire({ signal })).rejects.toThrow(refused);
  lease();
  expect([pool.lent, pool.idle]).toEqual([0, 1]);

  const limiter = new RateLimiter({ rate: 0, burst: 1 });
  await limiter.wait();
  await expect(limiter.wait({ signal })).rejects.toThrow(refused);
  expect(limiter.waiting).toBe(0);
});
