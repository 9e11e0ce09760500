import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
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
  (leave: () => void, options: Options): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) => {
      leave();
      return source.pipe(bufferedChannel(1, options)).subscribe(subscriber);
    });

const kept: unknown[] = [];

export const planted: readonly Planted[] = [
  {
    leaves: 'timers',
    make: (options, { clock }) => atSubscription(() => clock.schedule(() => {}, 1e9), options),
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
  {
    leaves: 'heap',
    make: (options) => (source) =>
      new Observable((subscriber) => {
        kept.push(subscriber);
        return source.pipe(bufferedChannel(1, options)).subscribe(subscriber);
      }),
  },
];
