import fc from 'fast-check';

/** What can be done to a channel. */
export type Name = (typeof names)[number];

const names = [
  'trySend',
  'send',
  'sendWithSignal',
  'sendAborted',
  'tryReceive',
  'receive',
  'receiveWithSignal',
  'receiveAborted',
  'receiveWith',
  'giveUp',
  'produce',
  'withdraw',
  'abort',
  'advance',
  'close',
  'closeWithError',
  'cancel',
] as const;

/** A case of a select, but for the value that it sends. */
export type Draft =
  | { readonly kind: 'receive' | 'send'; readonly on: number }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'nil' };

export type SelectName = 'select' | 'selectWithSignal' | 'selectAborted' | 'trySelect' | 'pick';

/** One thing that is done; `n` says how many, how long, or to which of those that wait. */
export type Command =
  | { readonly name: Name; readonly on: number; readonly n: number }
  | { readonly name: SelectName; readonly cases: readonly Draft[]; readonly n: number };

/** The ends are rare, or little would ever happen before them. */
const rare: readonly Name[] = ['close', 'closeWithError', 'cancel'];
const often: readonly Name[] = ['trySend', 'send', 'tryReceive', 'receive', 'abort'];

const weightOf = (name: Name) => (rare.includes(name) ? 1 : often.includes(name) ? 12 : 6);

const on = fc.nat(1);
const n = fc.nat(127);

const plain = fc.record({
  name: fc.oneof(
    ...names.map((name) => ({ arbitrary: fc.constant(name), weight: weightOf(name) })),
  ),
  on,
  n,
});

const end = fc.record({ kind: fc.constantFrom('receive', 'send'), on });

const draft: fc.Arbitrary<Draft> = fc.oneof(
  { arbitrary: end, weight: 8 },
  { arbitrary: fc.record({ kind: fc.constant('after'), ms: fc.nat(3) }), weight: 1 },
  { arbitrary: fc.constant({ kind: 'nil' }), weight: 1 },
);

const selecting = fc.record({
  name: fc.constantFrom<SelectName[]>(
    'select',
    'select',
    'selectWithSignal',
    'selectAborted',
    'trySelect',
    'pick',
  ),
  cases: fc.array(draft, { maxLength: 5 }),
  n,
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: plain, weight: 3 },
  { arbitrary: selecting, weight: 1 },
);

/** Turns of the event loop, and what is done in each: an abort may follow a hand-over at once. */
export const turns: fc.Arbitrary<Command[][]> = fc.array(
  fc.array(command, { minLength: 1, maxLength: 4 }),
  { maxLength: 16, size: 'max' },
);
