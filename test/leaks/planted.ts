import { NEVER, Observable, timer, type MonoTypeOperatorFunction, type Subscriber } from 'rxjs';
import { bufferedChannel } from 'rxjs-sluice/operators';
import type { Operator, Options } from '../laws/subjects.js';
import type { Change, Operators } from '../support/library-copy.js';
import type { Surroundings } from './surroundings.js';

/** An operator that leaves something behind, and what it is called that it leaves. */
export interface Planted {
  readonly leaves: string;
  readonly make: (options: Options, around: Surroundings) => MonoTypeOperatorFunction<number>;
}

/** Does `leave` when it is subscribed. */
const atSubscription =
  (
    leave: (subscriber: Subscriber<number>) => void,
    options: Options,
  ): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) => {
      leave(subscriber);
      return source.pipe(bufferedChannel(1, options)).subscribe(subscriber);
    });

export const planted: readonly Planted[] = [
  {
    leaves: 'timers',
    make: (options, { clock }) => atSubscription(() => clock.schedule(() => {}, 1e9), options),
  },
  {
    // Both are over soon, and none of them belongs there.
    leaves: 'host timers',
    make: (options) => atSubscription(() => setTimeout(() => {}), options),
  },
  {
    leaves: 'host timers',
    make: (options) => atSubscription(() => setImmediate(() => {}), options),
  },
  {
    leaves: 'listeners',
    make: (options, { emitter }) => atSubscription(() => emitter.on('value', () => {}), options),
  },
  {
    leaves: 'listeners',
    make: (options, { signal }) =>
      atSubscription(() => signal.addEventListener('abort', () => {}), options),
  },
  {
    leaves: 'source',
    make: (options, { source }) => atSubscription(() => source.subscribe(), options),
  },
  {
    leaves: 'input',
    make: (options, { input }) => atSubscription(() => input.subscribe(), options),
  },
  {
    leaves: 'consumer',
    make: (options, { ticks }) => atSubscription(() => ticks.subscribe(), options),
  },
  {
    leaves: 'receivers',
    make: (options, { channel }) => atSubscription(() => void channel.receive(), options),
  },
  {
    leaves: 'producers',
    make(options, { channel }) {
      channel.trySend(0);
      return bufferedChannel(1, options);
    },
  },
  {
    leaves: 'waiters',
    make: (options, { full }) => atSubscription(() => full.onAvailable(() => {}), options),
  },
  {
    leaves: 'held',
    make: ({ meter }) => {
      const nothing = { delivered: 0, dropped: 0, maxHeld: 0, parked: 0, capacity: 0 };
      return (source) => {
        meter?.follow({ ...nothing, received: 1, held: 1, linked: false });
        return source;
      };
    },
  },
];

/** What is wrong with the sources of an operator, and what it leaves behind for that. */
export interface Mistaken {
  readonly mistake: string;
  readonly leaves: string;
  readonly change: Change;
  readonly make: (operators: Operators, options: Options, around: Surroundings) => Operator;
}

export const mistaken: readonly Mistaken[] = [
  {
    mistake: 'never gives a wait for room up',
    leaves: 'waiters',
    change: { file: 'operators/stage/outlet.ts', find: `    leave?.();\n`, put: `` },
    make: ({ intoChannel }, options, { full }) => intoChannel(full, { ...options, close: false }),
  },
  {
    mistake: 'goes on with the time of its tasks when it is left',
    leaves: 'timers',
    change: {
      file: 'operators/pool/pool.ts',
      find: `    this.alarm.stop();\n    for`,
      put: `    for`,
    },
    make: ({ workerPool }, options, { clock: scheduler }) =>
      workerPool(2, () => NEVER, { ...options, taskTimeout: 1e9, scheduler }),
  },
  {
    mistake: 'goes on with tasks whose time is up',
    leaves: 'timers',
    change: {
      file: 'operators/pool/pool.ts',
      find: `      worker.abandon(error);\n`,
      put: ``,
    },
    make: ({ workerPool }, options, { clock: scheduler }) =>
      workerPool(2, () => timer(1e9, scheduler), {
        ...options,
        taskTimeout: 1,
        onTaskError: 'skip',
        scheduler,
      }),
  },
];

/** One that keeps its subscribers, and nothing else is left of it. */
export function keeping(): Pick<Planted, 'make'> {
  const kept: unknown[] = [];
  return {
    make: (options) => atSubscription((subscriber) => kept.push(subscriber), options),
  };
}

/** What keeps so little, and grows so seldom, that it is hard to see; by what it is. */
export const growing: Readonly<Record<string, () => () => unknown>> = {
  'a Set of numbers'() {
    const kept = new Set<number>();
    return () => kept.add(kept.size);
  },
  'an array of numbers'() {
    const kept: number[] = [];
    return () => kept.push(0);
  },
  'a list of objects'() {
    let kept: object = {};
    return () => (kept = { kept });
  },
};
