import { take } from 'rxjs';
import type { BedOptions } from '../laws/bed.js';
import type { Trial } from './trial.js';

/** What happens to a pipe while its callbacks are called. */
export interface Situation {
  readonly title: string;
  /** How its bed is set up. */
  readonly setup?: Omit<BedOptions, 'consume'>;
  /** Its source waits for room. Default: it does not. */
  readonly pulls?: true;
  /** What the consumer does with each value. */
  readonly consume?: (trial: Trial, value: number) => void;
  readonly play: (trial: Trial) => Promise<void>;
}

/** Values come faster than they are taken. */
async function flood(trial: Trial): Promise<void> {
  const { count } = trial;
  trial.push(Math.ceil(count / 2));
  await trial.step();
  await trial.step();
  trial.push(Math.floor(count / 2));
  await trial.step();
}

const drained = async (trial: Trial): Promise<void> => {
  await flood(trial);
  trial.complete();
  await trial.untilEnd();
};

const failed = async (trial: Trial): Promise<void> => {
  await flood(trial);
  trial.fail();
  await trial.untilEnd();
};

export const situations: readonly Situation[] = [
  { title: 'a source that waits, a slow consumer', pulls: true, play: (trial) => trial.untilEnd() },
  {
    title: 'a source that waits, a consumer that takes all',
    pulls: true,
    setup: { demand: false },
    play: (trial) => trial.untilEnd(),
  },
  {
    title: 'a source that waits, unsubscribed',
    pulls: true,
    async play(trial) {
      for (let i = 0; i < 3; i++) await trial.step();
      trial.unsubscribe();
    },
  },
  { title: 'parked values, completion', play: drained },
  {
    title: 'parked values, completion, a consumer that takes all',
    setup: { demand: false },
    play: drained,
  },
  ...(['drop-oldest', 'drop-newest', 'error'] as const).map((overflow) => ({
    title: `overflow: '${overflow}'`,
    setup: { options: { overflow } },
    play: drained,
  })),
  { title: 'too many parked', setup: { options: { maxParked: 2 } }, play: drained },
  { title: "the source's error, after what is held", play: failed },
  {
    title: "the source's error, at once",
    setup: { options: { errors: 'immediate' } },
    play: failed,
  },
  {
    title: 'unsubscribed while values are held',
    async play(trial) {
      await flood(trial);
      trial.unsubscribe();
    },
  },
  {
    title: 'a consumer that unsubscribes from inside next',
    consume(trial, value) {
      if (value === 2) trial.unsubscribe();
    },
    play: drained,
  },
  {
    title: 'a consumer that pushes from inside next',
    consume(trial) {
      if (trial.sent < trial.count) trial.push(1);
    },
    async play(trial) {
      trial.push(2);
      for (let i = 0; i < trial.count; i++) await trial.step();
      trial.complete();
      await trial.untilEnd();
    },
  },
  {
    title: 'a consumer that takes three values, and no more',
    setup: { below: (output) => output.pipe(take(3)) },
    play: drained,
  },
];
