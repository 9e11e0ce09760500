import { NEVER, Observable, type OperatorFunction } from 'rxjs';
import { bufferedChannel, StageMeter, type StageOptions } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';
import { laws } from './laws.js';
import type { Subject } from './subjects.js';

type Operator = OperatorFunction<number, number | number[]>;

/** `bufferedChannel(3)` with one thing wrong with it. */
const plant = (
  make: (options: StageOptions<number>, sound: () => Operator) => Operator,
): Subject => ({
  title: 'planted',
  operator: 'bufferedChannel',
  holds: 3,
  make: (options) => make(options, () => bufferedChannel<number>(3, options)),
});

/** Passes on what `change` makes of each value. */
const through =
  (sound: Operator, change: (value: number, next: (value: number) => void) => void): Operator =>
  (source) =>
    new Observable((subscriber) =>
      source.pipe(sound).subscribe({
        next: (value) => change(value as number, (n) => subscriber.next(n)),
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );

const broken: Readonly<Record<number, Subject>> = {
  1: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  2: plant((options) => bufferedChannel(9, options)),
  3: plant((_, sound) => {
    let kept: number | undefined;
    return through(sound(), (value, next) => {
      if (kept === undefined) kept = value;
      else {
        next(value);
        next(kept);
        kept = undefined;
      }
    });
  }),
  4: plant((options) => bufferedChannel(3, { ...options, errors: 'immediate' })),
  5: plant(
    (options) => (source) =>
      new Observable((subscriber) => {
        source.pipe(bufferedChannel(3, options)).subscribe((value) => subscriber.next(value));
      }),
  ),
  8: plant(
    () => (source) =>
      new Observable((subscriber) =>
        source.subscribe({
          next: (n) => subscriber.next(n),
          complete: () => subscriber.complete(),
        }),
      ),
  ),
  9: plant((_, sound) => {
    const deep = (depth: number): void => {
      if (depth > 0) deep(depth - 1);
    };
    return through(sound(), (value, next) => {
      if (value === 999_999) deep(1e7);
      next(value);
    });
  }),
  10: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  11: plant(() => bufferedChannel(3)),
  12: plant((options) => bufferedChannel(3, { ...options, pace: NEVER })),
};

it.each(laws)('law $number catches an operator that breaks it', ({ number, check }) => {
  const subject = broken[number];
  if (subject === undefined) expect.fail(`nothing is planted for law ${number}`);
  expect(() => check(subject)).toThrow();
});

it('the sound operator, treated likewise, passes', () => {
  const sound = plant((_, operator) => operator());
  for (const { check } of laws) check(sound);
  expect(new StageMeter().held).toBe(0);
});
