import { later } from '../support/later.js';

/** Waits for what `act` begins, and returns its result, and what the host is told of meanwhile that nobody caught. */
export async function hostHears<R>(
  act: () => Promise<R>,
): Promise<{ readonly result: R; readonly heard: unknown[] }> {
  const heard: unknown[] = [];
  const hear = (error: unknown): void => void heard.push(error);
  const before = process.rawListeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', hear);
  try {
    const result = await act();
    await later();
    return { result, heard };
  } finally {
    process.removeListener('unhandledRejection', hear);
    for (const listener of before) process.on('unhandledRejection', listener as () => void);
  }
}
