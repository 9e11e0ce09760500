/** What every pool of a section runs. */
export type Task<R = number | Promise<number>> = (value: number) => R;

/** How many at once. */
export const concurrency = 8;

/** Over as soon as it starts. */
export const syncTask = (value: number): number => value;

/** A promise that is fulfilled at once. */
export const promiseTask = async (value: number): Promise<number> => value;

/** A promise that is fulfilled at the next macrotask. (async tells an async function by its tag.) */
export const macrotask = async (value: number): Promise<number> => {
  await new Promise((resolve) => setImmediate(resolve));
  return value;
};
