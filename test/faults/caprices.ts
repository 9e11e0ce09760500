import { inspect } from 'node:util';
import {
  EMPTY,
  NEVER,
  Observable,
  concat,
  of,
  throwError,
  type Subscriber,
  type TeardownLogic,
} from 'rxjs';

/** What an input does at its whim. */
export interface Caprice {
  readonly title: string;
  readonly input: (run: InputRun) => Observable<number>;
  /** What RxJS's hook hears, or whoever unsubscribes, once for each subscription. */
  readonly unhandled?: unknown;
}

/** What an input can do to the pipe that it steers. */
export interface InputRun {
  push(): void;
  unsubscribe(): void;
  /** Notes that the input fails, while it is heard: the pipe errors with that. */
  fail<E>(error: E): E;
}

const raw = (
  subscribe: (subscriber: Subscriber<number>, run: InputRun) => TeardownLogic,
): Caprice['input'] => {
  return (run) => new Observable((subscriber) => subscribe(subscriber, run));
};

export const caprices: readonly Caprice[] = [
  { title: 'never emits', input: () => NEVER },
  { title: 'completes at once', input: () => EMPTY },
  { title: 'emits much at once, and completes', input: () => of(1, 2, 1, 2, 1, 2, 1, 2) },
  { title: 'emits much at once, and goes on', input: () => concat(of(1, 2, 1, 2), NEVER) },
  { title: 'fails at once', input: (run) => throwError(() => run.fail('input error')) },
  {
    title: 'fails after it has emitted',
    input: (run) =>
      concat(
        of(1, 2),
        throwError(() => run.fail('input error')),
      ),
  },
  {
    title: 'throws when it is subscribed',
    input: raw((_, run) => {
      throw run.fail('input error');
    }),
  },
  {
    title: 'throws out of `subscribe` itself',
    input: (run) => {
      class Throwing extends Observable<number> {
        override subscribe(): never {
          throw run.fail('input error');
        }
      }
      return new Throwing();
    },
  },
  {
    title: 'goes on after its end',
    input: raw((subscriber) => {
      subscriber.next(1);
      subscriber.complete();
      subscriber.next(1);
      subscriber.error('too late');
    }),
  },
  {
    title: 'throws in its teardown',
    input: raw((subscriber) => {
      subscriber.next(1);
      return () => {
        throw 'teardown';
      };
    }),
    unhandled: 'teardown',
  },
  {
    title: 'emits from its teardown',
    input: raw((subscriber) => {
      subscriber.next(1);
      return () => {
        subscriber.next(1);
        subscriber.complete();
        subscriber.error('too late');
      };
    }),
  },
  {
    title: 'pushes a value into the source when it is subscribed',
    input: (run) =>
      new Observable((subscriber) => {
        run.push();
        subscriber.next(1);
        run.push();
      }),
  },
  {
    title: 'unsubscribes the pipe when it is subscribed, and goes on',
    input: (run) =>
      new Observable((subscriber) => {
        run.unsubscribe();
        subscriber.next(1);
        subscriber.complete();
      }),
  },
  ...[NaN, -1, 0, 0.5, Infinity, '1', null, undefined, {}, Symbol('one'), 1n].map((value) => ({
    title: `emits ${inspect(value)}, and goes on`,
    input: () => concat(of(value as number), NEVER),
  })),
];
