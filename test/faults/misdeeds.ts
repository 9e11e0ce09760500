import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';
import { demandOf } from 'rxjs-sluice/operators';
import type { Misuse } from './misuse.js';

/** A source that does what no source may. */
export interface Misdeed {
  readonly title: string;
  readonly source: (misuse: Misuse) => Observable<number>;
  /** What the consumer does with each value. */
  readonly consume?: (misuse: Misuse, value: number) => void;
  /** What happens while a value is dropped. */
  readonly dropped?: (misuse: Misuse) => void;
  /** What happens after some values have flowed; then the pipe is unsubscribed, if it has not ended. */
  readonly then?: (misuse: Misuse) => void;
  /** How the pipe ends, if it does, after what is held. */
  readonly ends: 'complete' | 'error' | 'unsubscribed';
  /** What RxJS's hook hears; or whoever unsubscribes, as in RxJS. */
  readonly unhandled?: readonly unknown[];
  /** What the host hears. */
  readonly host?: readonly unknown[];
}

/** Emits so many values, as fast as it can. */
const burst = (misuse: Misuse, subscriber: Subscriber<number>, count = 5): void => {
  for (let i = 0; i < count; i++) misuse.emit(subscriber);
};

const made = (
  run: (subscriber: Subscriber<number>, misuse: Misuse) => TeardownLogic,
): Misdeed['source'] => {
  return (misuse) =>
    new Observable((subscriber) => {
      misuse.subscribed(subscriber);
      const teardown = run(subscriber, misuse) as (() => void) | undefined;
      return () => {
        misuse.released++;
        teardown?.();
      };
    });
};

const everything = (misuse: Misuse, subscriber: Subscriber<number>): void => {
  burst(misuse, subscriber, 2);
  misuse.call(() => subscriber.error(new Error('too late')));
  misuse.call(() => subscriber.complete());
  burst(misuse, subscriber, 1);
};

export const misdeeds: readonly Misdeed[] = [
  {
    title: 'goes on after its completion',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber);
      misuse.call(() => subscriber.complete());
      everything(misuse, subscriber);
    }),
    then: (misuse) => everything(misuse, misuse.subscriber),
    ends: 'complete',
  },
  {
    title: 'goes on after its error',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber);
      misuse.call(() => subscriber.error('source error'));
      everything(misuse, subscriber);
    }),
    then: (misuse) => everything(misuse, misuse.subscriber),
    ends: 'error',
  },
  {
    title: 'never stops when it is told to',
    source: made((subscriber, misuse) => burst(misuse, subscriber)),
    then(misuse) {
      misuse.unsubscribe();
      for (let i = 0; i < 9; i++) everything(misuse, misuse.subscriber);
    },
    ends: 'unsubscribed',
  },
  {
    title: 'does not stop either while it is being unsubscribed',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber);
      return () => everything(misuse, subscriber);
    }),
    ends: 'unsubscribed',
  },
  {
    title: 'emits from its teardown, when it has completed',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber);
      misuse.call(() => subscriber.complete());
      return () => everything(misuse, subscriber);
    }),
    ends: 'complete',
  },
  {
    title: 'emits from inside its own next, when it is consumed',
    source: made((subscriber, misuse) => burst(misuse, subscriber, 2)),
    consume(misuse) {
      if (misuse.sent.length < 20) burst(misuse, misuse.subscriber, 2);
      else misuse.call(() => misuse.subscriber.complete());
    },
    ends: 'complete',
  },
  {
    title: 'emits from inside onDrop',
    source: made((subscriber, misuse) => burst(misuse, subscriber)),
    dropped(misuse) {
      if (misuse.sent.length < 20) burst(misuse, misuse.subscriber, 2);
    },
    ends: 'unsubscribed',
  },
  {
    title: 'completes from inside its own next',
    source: made((subscriber, misuse) => burst(misuse, subscriber, 3)),
    consume: (misuse) => misuse.call(() => misuse.subscriber.complete()),
    ends: 'complete',
  },
  {
    title: 'fails from inside its own next',
    source: made((subscriber, misuse) => burst(misuse, subscriber, 3)),
    consume: (misuse) => misuse.call(() => misuse.subscriber.error('source error')),
    ends: 'error',
  },
  {
    title: 'is unsubscribed from inside its own next, and goes on',
    source: made((subscriber, misuse) => misuse.later(() => burst(misuse, subscriber, 3))),
    consume(misuse) {
      misuse.unsubscribe();
      everything(misuse, misuse.subscriber);
    },
    ends: 'unsubscribed',
  },
  {
    title: 'leaves by itself, and goes on',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber, 3);
      misuse.call(() => subscriber.unsubscribe());
      everything(misuse, subscriber);
    }),
    ends: 'unsubscribed',
  },
  {
    title: 'throws when it is subscribed, after some values',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber, 3);
      misuse.released++; // it has no teardown yet
      throw 'source error';
    }),
    ends: 'error',
  },
  {
    title: 'throws out of `subscribe` itself',
    source: (misuse) => {
      class Throwing extends Observable<number> {
        override subscribe(): never {
          misuse.opened++;
          misuse.released++;
          throw 'source error';
        }
      }
      return new Throwing();
    },
    ends: 'error',
  },
  {
    title: 'throws in its teardown, when it is unsubscribed',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber, 3);
      return () => {
        throw 'teardown';
      };
    }),
    ends: 'unsubscribed',
    unhandled: ['teardown'],
  },
  {
    title: 'throws in its teardown, when it has completed',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber, 3);
      misuse.later(() => subscriber.complete());
      return () => {
        throw 'teardown';
      };
    }),
    ends: 'complete',
    unhandled: ['teardown'],
  },
  {
    title: 'throws in its teardown, when it has failed',
    source: made((subscriber, misuse) => {
      burst(misuse, subscriber, 3);
      misuse.later(() => subscriber.error('source error'));
      return () => {
        throw 'teardown';
      };
    }),
    ends: 'error',
    unhandled: ['teardown'],
  },
  {
    title: 'is two sources at a time, both of which end',
    source: made((subscriber, misuse) => {
      const both = () => {
        burst(misuse, subscriber, 2);
        misuse.call(() => subscriber.complete());
      };
      misuse.later(both);
      misuse.later(both);
    }),
    ends: 'complete',
  },
  {
    title: 'waits for room, and throws when there is some',
    source: made((subscriber, misuse) => {
      const demand = demandOf(subscriber);
      burst(misuse, subscriber);
      if (demand === undefined) return undefined;
      return demand.onAvailable(() => {
        misuse.resumed++;
        throw 'resume';
      });
    }),
    ends: 'unsubscribed',
    host: ['resume'],
  },
];
