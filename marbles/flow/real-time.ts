import type { Timeline } from './timeline.js';

const READ =
  'read the time from RxJS, `asyncScheduler.now()`, or give what takes a clock the `clock` of the flow';
const WAIT = 'wait with RxJS: `timer`, `interval`, `asyncScheduler.schedule`';

/** What would read or use real time, of which virtual time knows nothing. */
export type RealTimeCall =
  | 'Date.now'
  | 'new Date'
  | 'performance.now'
  | 'setTimeout'
  | 'setInterval'
  | 'setImmediate'
  | 'queueMicrotask'
  | 'requestAnimationFrame'
  | 'Promise.then';

const advice: Readonly<Record<RealTimeCall, string>> = {
  'Date.now': READ,
  'new Date': READ,
  'performance.now': READ,
  setTimeout: WAIT,
  setInterval: WAIT,
  setImmediate: WAIT,
  queueMicrotask: WAIT,
  requestAnimationFrame: 'use `animationFrames` of RxJS, and `animate` of the flow',
  'Promise.then': 'put an Observable in its place: `of`, `timer`, or `cold` of the flow',
};

export const REAL_TIME_CALLS = /* @__PURE__ */ Object.keys(advice) as readonly RealTimeCall[];

/** In a flow something used real time, so that what the flow shows would not be what happens. */
export class RealTimeError extends Error {
  override readonly name = 'RealTimeError';
  readonly code = 'ERR_REAL_TIME';

  constructor(
    /** What was called. */
    readonly call: RealTimeCall,
  ) {
    const what =
      call === 'Promise.then'
        ? 'A promise reached the pipe (its `then` was called), and no promise settles'
        : `\`${call}\` was called`;
    super(
      `${what} in a flow, whose time is virtual: ${advice[call]}; ` +
        `or say flow(…, { allow: ['${call}'] })`,
    );
  }
}

type Callable = (...args: unknown[]) => unknown;
type Restore = () => void;

/**
 * Watches over the host's own clocks and queues until the function that it returns is called. What is
 * not allowed throws where it is called, and `hear` is told, in case the throw is caught. The `then` of a
 * promise does what it always does, so that no rejection is left unhandled.
 */
export function guardRealTime(
  allowed: readonly RealTimeCall[],
  { fail, after }: Pick<Timeline, 'fail' | 'after'>,
): Restore {
  // Something may have kept a guard, and put it back when the flow was over.
  let active = true;
  let printing = 0;
  const forbid = (call: RealTimeCall, at: Callable): RealTimeError => {
    const error = new RealTimeError(call);
    trimStack(error, at);
    fail(error);
    return error;
  };
  const restores: Restore[] = [];
  const guard = (owner: object | undefined, name: string, call: RealTimeCall): void => {
    const real = (owner as Record<string, unknown> | undefined)?.[name];
    if (owner === undefined || typeof real !== 'function' || allowed.includes(call)) return;
    restores.push(
      replace(owner, name, function guarded(this: unknown, ...args: unknown[]) {
        if (active && printing === 0) {
          if (call === 'setTimeout' && isReport()) return after(0, args[0] as () => void);
          const error = forbid(call, guarded);
          if (call !== 'Promise.then') throw error;
        }
        return Reflect.apply(real, this, args) as unknown;
      }),
    );
  };
  guard(Date, 'now', 'Date.now');
  guard(globalThis.performance, 'now', 'performance.now');
  guard(Promise.prototype, 'then', 'Promise.then');
  for (const name of REAL_TIME_CALLS) {
    guard(globalThis, name, name);
  }
  // A test runner's console looks at the clock; what is printed is no part of the flow.
  for (const [name, print] of Object.entries<unknown>({ ...console })) {
    if (typeof print !== 'function') continue;
    restores.push(
      replace(console, name, function (this: unknown, ...args: unknown[]) {
        printing++;
        try {
          return Reflect.apply(print, this, args) as unknown;
        } finally {
          printing--;
        }
      }),
    );
  }
  if (!allowed.includes('new Date'))
    restores.push(guardDate(forbid, () => !active || printing > 0));
  return () => {
    active = false;
    for (const restore of restores.reverse()) restore();
  };
}

/** RxJS 8 reports an error that nobody handles by a timer of the host. */
const isReport = (): boolean => new Error().stack?.includes('reportUnhandledError') === true;

/** A date that is given is one; that of now is real time. */
function guardDate(
  forbid: (call: RealTimeCall, at: Callable) => RealTimeError,
  exempt: () => boolean,
): Restore {
  const guarded = new Proxy(Date, {
    construct(target, args, newTarget) {
      if (args.length === 0 && !exempt()) throw forbid('new Date', guarded);
      return Reflect.construct(target, args, newTarget) as Date;
    },
    apply(target) {
      if (!exempt()) throw forbid('new Date', guarded);
      return target();
    },
  });
  return replace(globalThis, 'Date', guarded);
}

function replace(owner: object, name: string, value: unknown): Restore {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

/** The stack starts where the call stands. Not every host can. */
function trimStack(error: Error, at: Callable): void {
  const { captureStackTrace } = Error as { captureStackTrace?: (e: Error, at: Callable) => void };
  captureStackTrace?.(error, at);
}
