import { Subject } from 'rxjs';
import * as operators from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { Bed, naturals, unhandledBy } from './bed.js';
import { laws, subjectsOf } from './laws.js';
import { sound } from './planted.js';
import { others, subjects, type Specimen } from './subjects.js';

describe.each(laws)('law $number: $says', (law) => {
  const { check, broken } = law;

  // Some take their time on a machine that is busy.
  it.each(subjectsOf(law))('$title', { timeout: 60_000 }, check);

  it('passes what is sound', () => check(sound));

  it('catches what is broken', async () => {
    await unhandledBy(() => expect(check(broken)).rejects.toThrow());
  });
});

it('the laws are numbered from 1 to 12', () => {
  const numbers = [...new Set(laws.map(({ number }) => number))];
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
});

it('every operator is under the laws', () => {
  const functions = Object.keys(operators).filter((name) => /^[a-z]/.test(name));
  const made = subjects.flatMap((subject) => subject.made);
  expect(functions.sort()).toEqual([...new Set([...made, ...others])].sort());
});

/** Whether its stage sets timers of its own, by where they are set: nothing else goes by that file. */
async function setsTimers(subject: Specimen): Promise<boolean> {
  const source = new Subject<number>();
  const bed = new Bed(subject, { demand: false });
  let own = false;
  const schedule = bed.clock.schedule.bind(bed.clock);
  bed.clock.schedule = (...args) => {
    own ||= new Error().stack?.includes('scheduler-clock') === true;
    return schedule(...(args as Parameters<typeof schedule>));
  };
  await bed.begin(source);
  for (const n of naturals(20)) {
    source.next(n);
    if (n % 5 === 0) await bed.step();
  }
  bed.subscription.unsubscribe();
  return own;
}

it('whatever sets timers is seen not to drift', async () => {
  const timed: string[] = [];
  for (const subject of subjects) if (await setsTimers(subject)) timed.push(subject.title);
  const seen = subjects.filter(({ after }) => after !== undefined).map(({ title }) => title);
  expect(seen).toEqual(timed);
  const made = new Set(subjects.flatMap(({ after, made }) => (after ? made : [])));
  expect([...made].sort()).toEqual([
    'adaptiveThrottle',
    'batchWithTimeout',
    'leakyBucket',
    'workerPool',
  ]);
});
