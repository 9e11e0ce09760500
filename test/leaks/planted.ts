import { Observable, type MonoTypeOperatorFunction, type Subscriber } from 'rxjs';
import { bufferedChannel } from 'rxjs-sluice/operators';
import type { Options } from '../laws/subjects.js';
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
