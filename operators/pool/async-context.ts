/** Runs a function in the async context in which the runner was made. */
export type RunInContext = <V>(run: (value: V) => void, value: V) => void;

/** What Node (from 20.16 on), Deno and Bun have of `node:async_hooks`, and browsers do not. */
interface Host {
  readonly process?: {
    getBuiltinModule?(id: 'node:async_hooks'): { readonly AsyncResource: AsyncResource };
  };
}
type AsyncResource = new (type: string) => {
  runInAsyncScope<V>(run: (value: V) => void, self: undefined, value: V): void;
};

/** The context in force now. Where the host has none, functions are just called. */
export function currentContext(): RunInContext {
  const hooks = (globalThis as Host).process?.getBuiltinModule?.('node:async_hooks');
  if (hooks === undefined) return (run, value) => run(value);
  const resource = new hooks.AsyncResource('rxjs-sluice');
  return (run, value) => resource.runInAsyncScope(run, undefined, value);
}
