import { later } from './later.js';

/** Does `act`, and returns what the host is told of in its turn that nobody caught. */
export async function uncaughtBy(act: () => unknown): Promise<unknown[]> {
  const heard: unknown[] = [];
  const listeners = process.rawListeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => heard.push(error));
  act();
  await later();
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener as () => void);
  return heard;
}
