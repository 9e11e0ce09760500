/** Runs a function in the async context in which the runner was made. */
export type RunInContext = <V, C, R>(run: (value: V, context: C) => R, value: V, context: C) => R;

/** What Node, Deno and Bun have of `node:async_hooks`, and browsers do not. */
interface Host {
  readonly process?: {
    getBuiltinModule?(id: 'node:async_hooks'): { readonly AsyncResource: AsyncResource };
  };
}
type AsyncResource = new (type: string) => {
  runInAsyncScope<A extends unknown[], R>(run: (...args: A) => R, self: undefined, ...args: A): R;
};

/** The context in force now. Where the host has none, functions are just called. */
export function currentContext(): RunInContext {
  const hooks = (globalThis as Host).process?.getBuiltinModule?.('node:async_hooks');
  if (hooks === undefined) return (run, value, context) => run(value, context);
  const resource = new hooks.AsyncResource('rxjs-sluice');
  return (run, value, context) => resource.runInAsyncScope(run, undefined, value, context);
}
