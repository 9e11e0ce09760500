import fc from 'fast-check';
import { ResourcePoolClosedError, type Lease } from 'rxjs-sluice';
import { expect, it } from 'vitest';
import { later } from '../../support/later.js';
import { Factory, poolOf, type Asked, type Thing } from './factory.js';

const MAX = 3;
const IDLE = 100;

/** One acquire, from its call until its resource is back. */
interface Claim {
  readonly id: number;
  readonly controller: AbortController;
  state: 'waits' | 'holds' | 'rejected' | 'over';
  lease?: Lease<Thing>;
}

/** A creation that fails, of which one acquire at most may hear. */
class Refused extends Error {}

/** A pool, all that is done to it, and what must be true of it after that. */
class Trial {
  readonly factory = new Factory();
  readonly claims: Claim[] = [];
  /** Who was served, and who waited longer at that time. */
  readonly passedOver: [served: number, waiting: number][] = [];
  readonly refusals = new Set<unknown>();
  readonly wrong: unknown[] = [];
  closing: Promise<void> | undefined;
  private readonly bed;

  constructor(validates: boolean) {
    const { validate } = this.factory.options;
    this.bed = poolOf(this.factory, {
      max: MAX,
      idleTimeout: IDLE,
      validate: validates ? validate : undefined,
    });
  }

  readonly steps = {
    acquire: () => {
      const claim = this.claim();
      const { pool } = this.bed;
      pool.acquire({ signal: claim.controller.signal }).then(
        (lease) => this.served(claim, lease),
        (error: unknown) => this.rejected(claim, error),
      );
    },
    tryAcquire: () => {
      if (this.closing !== undefined) return;
      const waited = this.in('waits').length > 0;
      const lease = this.bed.pool.tryAcquire();
      if (lease === undefined) return;
      if (waited) this.wrong.push('came between');
      Object.assign(this.claim(), { state: 'holds', lease });
    },
    release: (share: number) => {
      const claim = pick(this.in('holds'), share);
      this.giveBack(claim, () => claim?.lease?.());
    },
    discard: (share: number) => {
      const claim = pick(this.in('holds'), share);
      this.giveBack(claim, () => claim?.lease?.discard());
    },
    releaseAgain: (share: number) => {
      const lease = pick(this.in('over'), share)?.lease;
      lease?.();
      lease?.discard();
    },
    abort: (share: number) => pick(this.in('waits'), share)?.controller.abort('enough'),
    create: (share: number) => pick(this.factory.creating, share)?.yes(),
    refuse: (share: number) => this.say('no', this.factory.creating, share, new Refused()),
    approve: (share: number) => this.say('yes', this.factory.checking, share),
    reject: (share: number) => this.say('no', this.factory.checking, share),
    disposed: (share: number) => this.say('yes', this.factory.ending, share),
    pass: (share: number) => this.bed.time.advance(Math.ceil(share * IDLE)),
    close: () => {
      this.closing ??= this.bed.pool.close();
    },
  };

  /** What must be true after every step. */
  verify(): void {
    const { pool, time, counts } = this.bed;
    const { creating, checking, ending } = this.factory;
    const waits = this.in('waits').length;
    const held = this.in('holds').map(({ lease }) => lease?.resource.id);
    const underWay = creating.length + checking.length;
    expect(this.wrong).toEqual([]);
    expect(counts()).toMatchObject({ lent: held.length, waiting: waits });
    expect(pool.size).toBe(underWay + pool.idle + held.length + ending.length);
    expect(pool.size).toBeLessThanOrEqual(MAX);
    // Each is held by one at most, and by nobody while it is checked or ended.
    const elsewhere = [...checking, ...ending].map(({ id }) => id);
    expect(new Set([...held, ...elsewhere]).size).toBe(held.length + elsewhere.length);
    expect(this.passedOver).toEqual([]);
    // Nobody waits without need.
    if (waits > checking.length) expect(pool.idle).toBe(0);
    if (waits > underWay) expect(pool.size).toBe(MAX);
    expect(time.armed).toBe(pool.idle > 0 ? 1 : 0);
    if (this.closing !== undefined) expect([waits, pool.idle]).toEqual([0, 0]);
  }

  /** Lets everything come to its end: each that was made is ended, once. */
  async end(): Promise<void> {
    const { factory, steps } = this;
    steps.close();
    for (let left = true; left;) {
      steps.release(0);
      steps.create(0);
      steps.reject(0);
      steps.disposed(0);
      await later();
      this.verify();
      left = this.bed.pool.size > 0;
    }
    await this.closing;
    const ended = factory.log.filter((entry) => entry.startsWith('end'));
    expect(new Set(ended).size).toBe(ended.length);
    expect(ended.length).toBe(factory.made - this.refusals.size);
  }

  private claim(): Claim {
    const controller = new AbortController();
    const claim: Claim = { id: this.claims.length, controller, state: 'waits' };
    this.claims.push(claim);
    return claim;
  }

  private in(state: Claim['state']): Claim[] {
    return this.claims.filter((claim) => claim.state === state);
  }

  private served(claim: Claim, lease: Lease<Thing>): void {
    Object.assign(claim, { state: 'holds', lease });
    for (const { id } of this.in('waits')) if (id < claim.id) this.passedOver.push([claim.id, id]);
  }

  private rejected(claim: Claim, error: unknown): void {
    claim.state = 'rejected';
    if (error === 'enough' && claim.controller.signal.aborted) return;
    if (error instanceof ResourcePoolClosedError && this.closing !== undefined) return;
    if (error instanceof Refused && this.told.has(error)) this.wrong.push('told twice');
    else if (error instanceof Refused) this.told.add(error);
    else this.wrong.push(error);
  }
  private readonly told = new Set<unknown>();

  private giveBack(claim: Claim | undefined, act: () => void): void {
    if (claim === undefined) return;
    claim.state = 'over';
    act();
  }

  private say(what: 'yes' | 'no', asked: Asked[], share: number, error?: unknown): void {
    const mine = pick(asked, share);
    if (mine === undefined) return;
    if (error !== undefined) this.refusals.add(error);
    mine[what](error);
  }
}

const pick = <T>(array: readonly T[], share: number): T | undefined =>
  array[Math.floor(share * array.length)];

const name = fc.constantFrom(...(Object.keys(new Trial(false).steps) as (keyof Trial['steps'])[]));
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Closing is rare, or little else would be tried. */
const step = fc.oneof(
  {
    arbitrary: fc.tuple(
      name.filter((what) => what !== 'close'),
      share,
    ),
    weight: 60,
  },
  { arbitrary: fc.tuple(fc.constant('close' as const), share), weight: 1 },
);

it.each([
  ['', false],
  [' and checks', true],
])(
  'a pool that creates%s keeps its bounds and its order, loses nothing and lends nothing twice, whatever is done to it',
  { timeout: 60_000 },
  async (_, validates) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (script) => {
        const trial = new Trial(validates);
        for (const [what, which] of script) {
          trial.steps[what](which);
          await later();
          trial.verify();
        }
        await trial.end();
      }),
      { numRuns: 300 },
    );
  },
);
