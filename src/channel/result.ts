/** What a receive, or a `next()`, resolves with. */
export type Result<T> = IteratorResult<T, undefined>;

/** There is nothing more to come. */
export const DONE: Result<never> = { done: true, value: undefined };
