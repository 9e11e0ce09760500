import { Subject, Subscription, filter, merge, take, type Observable } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, pullFrom } from 'rxjs-sluice/operators';
import { afterAll, expect, it } from 'vitest';
import { later } from '../support/later.js';
import { PATIENCE, long, report } from '../support/proof.js';
import { LONG, SHORT, retainedBy, type Scale } from './heap.js';
import { hostTimers, timersOf } from './host-timers.js';
import { expectNothing } from './left.js';
import { Lasting, kinds, type Given, type Kind } from './pulled-inputs.js';

/** Fewer than elsewhere: each takes some turns of the event loop. */
const scale: Scale = long ? { cycles: 50_000, bound: 5 * LONG.bound } : SHORT;

/** When a pipe is left, or how it ends. */
interface Moment extends Given {
  readonly title: string;
  /** How often its consumer takes a value. */
  readonly takes: number;
  readonly below?: (output: Observable<number>) => Observable<number>;
}

const moments: readonly Moment[] = [
  { title: 'before it is read', values: 2, after: 'end', takes: 0 },
  { title: 'while it is being read', values: 1, after: 'silence', takes: 2 },
  { title: 'while there is no room', values: 3, after: 'end', takes: 1 },
  { title: 'when it has ended', values: 1, after: 'end', takes: 3 },
  { title: 'when it has failed', values: 1, after: 'failure', takes: 3 },
  {
    title: 'from inside next',
    values: 3,
    after: 'end',
    takes: 2,
    below: (output) => output.pipe(take(1)),
  },
];

/** How many timers of the host more there may be: the host of the tests has some of its own, now and then. */
const SLACK = 9;

/** Subscribes to inputs of a kind and leaves them, time and again. */
class Cycling {
  readonly lasting = new Lasting();
  private readonly ticks = new Subject<void>();

  constructor(private readonly kind: Kind) {}

  /** So many cycles, at all moments in turn. */
  readonly batch = async (cycles: number): Promise<void> => {
    const before = hostTimers();
    const able = moments.filter(({ after }) => after !== 'silence' || this.kind.talks !== true);
    for (let n = 0; n < cycles; n++) await this.cycle(able[n % able.length]!, n < 200);
    await later();
    expectNothing({ 'host timers': Math.max(0, hostTimers() - before - SLACK) });
  };

  /** @param verified - whether it is to be seen that nothing is left, after some turns of the event loop. */
  private async cycle({ takes, below, ...given }: Moment, verified: boolean): Promise<void> {
    const { input, left } = this.kind.open(given, this.lasting);
    const output = pullFrom(input as AsyncIterable<number>).pipe(takeOn(this.ticks));
    const subscription = (below?.(output) ?? output).subscribe({ error: () => {} });
    for (let i = 0; i < takes; i++) {
      this.ticks.next();
      await later();
    }
    subscription.unsubscribe();
    if (!verified) return;
    for (let i = 0; i < 3; i++) await later();
    expectNothing({
      ...left?.(),
      ...this.lasting.left(),
      consumer: Number(this.ticks.observed),
    });
  }
}

let cycles = 0;
let most = 0;

async function expectNothingRetained(batch: (cycles: number) => Promise<void>): Promise<void> {
  let count = 0;
  const retained = await retainedBy(async (more) => {
    await batch(more);
    count += more;
  }, scale);
  expect(retained, 'bytes that each cycle retains').toBeLessThan(scale.bound);
  most = Math.max(most, retained);
  cycles += count;
}

it.each(kinds)(
  '$title that is pulled, and left at every moment, leaves nothing behind',
  async (kind) => {
    await expectNothingRetained(new Cycling(kind).batch);
  },
  PATIENCE,
);

it(
  'nor does a value in hand, whose room another has taken',
  async () => {
    const ticks = new Subject<void>();
    const given = { values: 2, after: 'end' } as const;
    const kind = kinds.find(({ title }) => title === 'an async iterator')!;
    const lasting = new Lasting();
    let pairs = 0;
    let dropped = 0;
    await expectNothingRetained(async (count) => {
      for (let n = 0; n < count; n++) {
        const two = [kind.open(given, lasting), kind.open(given, lasting)];
        const pulled = two.map(({ input }) =>
          pullFrom(input as AsyncIterable<number>, { onDrop: () => dropped++ }),
        );
        const subscription = merge(...pulled)
          .pipe(takeOn(ticks))
          .subscribe();
        ticks.next();
        await later();
        subscription.unsubscribe();
        for (const { left } of two) expectNothing(left!());
        pairs++;
      }
    });
    expect(dropped).toBe(pairs);
  },
  PATIENCE,
);

it(
  'nor does the turn that the event loop is given where nothing arrives below',
  async () => {
    function* naturals(): Generator<number> {
      for (let n = 0; ; n++) yield n;
    }
    const begin = () =>
      pullFrom(naturals())
        .pipe(
          filter((n) => n < 0),
          bufferedChannel(1),
        )
        .subscribe();
    const cycle = (): void => begin().unsubscribe();
    let subscription = Subscription.EMPTY;
    expect(timersOf(() => (subscription = begin()))).toBe(1);
    expect(timersOf(() => subscription.unsubscribe())).toBe(-1);
    await expectNothingRetained(async (count) => {
      for (let n = 0; n < count; n++) {
        if (n % 100 === 0) expect(timersOf(cycle)).toBe(0);
        else cycle();
      }
    });
  },
  PATIENCE,
);

/** The same, and what is read of it is never let go. */
const held = ({ title, open }: Kind): Kind => ({
  title,
  open(given, lasting) {
    const { input, left } = open(given, lasting);
    const iterator = (input as AsyncIterable<number>)[Symbol.asyncIterator]();
    return {
      input: { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) },
      ...(left && { left }),
    };
  },
});

// A generator does not tell: what is left of one shows in the heap alone.
const telling = kinds.filter(({ talks, title }) => !talks && !title.includes('generator'));

it.each(telling)('$title that is not let go is found out', async (kind) => {
  await expect(new Cycling(held(kind)).batch(moments.length)).rejects.toThrow('Left behind');
});

afterAll(() => {
  report({
    part: 'leaks: inputs that are pulled',
    tried: `${kinds.length} kinds of input, ${(2 * scale.cycles).toLocaleString('en')} cycles each or more, at ${moments.length} moments in turn, and two more: ${cycles.toLocaleString('en')} cycles`,
    held: `each let go; no listener, receiver or timer of the host left; at most ${most.toFixed(2)} bytes of heap for a cycle`,
  });
});
