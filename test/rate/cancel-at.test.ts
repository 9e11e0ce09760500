import fc from 'fast-check';
import { RateLimiter } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { Time } from './time.js';

interface Reserved {
  readonly cost: number;
  readonly timeToAct: number;
  /** `lastEvent` before it. */
  readonly before: number;
}

/**
 * The reservations of `golang.org/x/time/rate`, in its terms, in milliseconds. What is cancelled last is here as if it
 * had not been; there `lastEvent` stays where the one before it is not in the future, and less is given back of that.
 */
class Reserving {
  private last = 0;
  private lastEvent = -Infinity;
  private tokens: number;

  constructor(
    private readonly perMs: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  advance(now: number): number {
    return Math.min(this.burst, this.tokens + (now - this.last) * this.perMs);
  }

  reserve(now: number, cost: number): Reserved {
    const before = this.lastEvent;
    this.tokens = this.advance(now) - cost;
    this.last = now;
    this.lastEvent = this.tokens < 0 ? now - this.tokens / this.perMs : now;
    return { cost, timeToAct: this.lastEvent, before };
  }

  cancelAt(now: number, { cost, timeToAct, before }: Reserved): void {
    if (cost === 0 || timeToAct < now) return;
    const meanwhile = this.perMs === 0 ? 0 : (this.lastEvent - timeToAct) * this.perMs;
    if (timeToAct === this.lastEvent) this.lastEvent = before;
    if (meanwhile >= cost) return;
    this.tokens = Math.min(this.burst, this.advance(now) + cost - meanwhile);
    this.last = now;
  }
}

type Step =
  { readonly reserve: number } | { readonly pass: number } | { readonly do: 'cancel the last' };

const steps = fc.array(
  fc.oneof(
    fc.record({ reserve: fc.integer({ min: 0, max: 6 }) }),
    fc.record({ reserve: fc.integer({ min: 0, max: 6 }) }),
    fc.record({ pass: fc.constantFrom(5, 10, 20, 100) }),
    fc.constant({ do: 'cancel the last' as const }),
  ),
  { minLength: 1, maxLength: 20 },
);

describe('what is reserved, and given back by the last ones and then by any', () => {
  it('is what x/time/rate reserves and gives back', () => {
    const rates = fc.constantFrom(0, 10, 100, 1000);
    fc.assert(
      fc.property(rates, fc.nat(6), steps, fc.nat(20), (rate, burst, script: Step[], which) => {
        const time = new Time();
        const limiter = new RateLimiter({ rate, burst, clock: time });
        const model = new Reserving(rate / 1000, burst);
        const held: (() => void)[] = [];
        const agree = () => expect(limiter.tokens).toBeCloseTo(model.advance(time.now()), 6);
        for (const step of script) {
          if ('pass' in step) {
            time.set(time.now() + step.pass);
          } else if ('reserve' in step) {
            const cost = Math.min(step.reserve, burst);
            const real = limiter.reserve(cost);
            const modelled = model.reserve(time.now(), cost);
            expect(real.delay).toBeCloseTo(modelled.timeToAct - time.now(), 6);
            held.push(() => {
              real.cancel();
              model.cancelAt(time.now(), modelled);
            });
          } else {
            held.pop()?.();
          }
          agree();
        }
        held[which % held.length]?.();
        agree();
      }),
      { seed: 20261122, numRuns: 5000 },
    );
  });
});
