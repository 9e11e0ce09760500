/** What an iterator does at one of its calls, instead of what it should. */
export interface Fault {
  readonly title: string;
  readonly next: () => unknown;
  /** The pipe errors with this; a class: with one of it. */
  readonly fails?: unknown;
  /** Or it is at its end. */
  readonly completes?: true;
}

const thrown = (error: unknown): never => {
  throw error;
};

const noObjects = [undefined, null, 0, 1, '', 'value', true, Symbol('result'), 7n];

/** What both kinds may do. */
const both: readonly Fault[] = [
  { title: 'throws', next: () => thrown('next'), fails: 'next' },
  { title: 'throws nothing at all', next: () => thrown(undefined), fails: undefined },
  ...noObjects.map((garbage) => ({
    title: `gives ${typeof garbage === 'string' ? `"${garbage}"` : String(garbage)}`,
    next: () => garbage,
    fails: TypeError,
  })),
  { title: 'is done, in other words', next: () => ({ done: 1 }), completes: true },
  {
    title: 'gives a result whose `done` throws',
    next: () => ({
      get done() {
        return thrown('done');
      },
    }),
    fails: 'done',
  },
  {
    title: 'gives a result whose `value` throws',
    next: () => ({
      done: false,
      get value() {
        return thrown('value');
      },
    }),
    fails: 'value',
  },
];

export const syncFaults: readonly Fault[] = both;

const thenable = (
  then: (resolve: (result: unknown) => void, reject: (error: unknown) => void) => void,
) => ({ then });
const value = (n: number) => ({ done: false, value: n });

export const asyncFaults: readonly Fault[] = [
  ...both,
  ...both.map(({ title, next, ...rest }) => ({
    title: `${title}, later`,
    next: async () => next(),
    ...rest,
  })),
  {
    title: 'gives a thenable whose `then` throws',
    next: () => thenable(() => thrown('then')),
    fails: 'then',
  },
  {
    title: 'gives one whose `then` cannot be read',
    next: () => ({
      get then() {
        return thrown('then');
      },
    }),
    fails: 'then',
  },
  {
    title: 'gives one that rejects at once',
    next: () => thenable((_, reject) => reject('then')),
    fails: 'then',
  },
  {
    title: 'gives one that rejects twice',
    next: () =>
      thenable((_, reject) => {
        reject('then');
        reject('again');
      }),
    fails: 'then',
  },
];

/** What is no fault: the value arrives, once. */
export const oddities: Readonly<Record<string, (n: number) => unknown>> = {
  'gives no promise': (n) => value(n),
  'gives a thenable that settles at once': (n) => thenable((resolve) => resolve(value(n))),
  'gives one that calls back twice': (n) =>
    thenable((resolve) => {
      resolve(value(n));
      resolve(value(-1));
    }),
  'gives one that calls back and rejects': (n) =>
    thenable((resolve, reject) => {
      resolve(value(n));
      reject('late');
    }),
  'gives one that calls back and throws': (n) =>
    thenable((resolve) => {
      resolve(value(n));
      thrown('late');
    }),
  'gives one that calls back twice, much later': (n) =>
    thenable((resolve) => {
      setImmediate(() => resolve(value(n)));
      setImmediate(() => setImmediate(() => resolve(value(-1))));
    }),
  'gives a promise of another realm': (n) =>
    thenable((resolve) => void Promise.resolve().then(() => resolve(value(n)))),
};
