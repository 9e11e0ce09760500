import type { Drop, Picture } from '../../marbles/specs/svg/picture.js';
import type { Moment, Track } from '../../marbles/diagram/track.js';

/**
 * A track from marbles of one letter each, as RxJS reads them (a group is as many frames long as its text):
 * `ab-(cd)--|`. What a letter stands for can be given.
 */
export function track(marbles: string, values: Readonly<Record<string, unknown>> = {}): Track {
  const moments: Moment[] = [];
  let group: number | undefined;
  for (const [frame, sign] of Array.from(marbles.replaceAll(' ', '')).entries()) {
    if (sign === '(') group = frame;
    else if (sign === ')') group = undefined;
    else if (sign !== '-') moments.push(momentOf(sign, group ?? frame, values));
  }
  return { moments };
}

function momentOf(sign: string, frame: number, values: Readonly<Record<string, unknown>>): Moment {
  switch (sign) {
    case '|':
      return { frame, kind: 'complete' };
    case '^':
      return { frame, kind: 'subscribe' };
    case '!':
      return { frame, kind: 'unsubscribe' };
    case '#':
      return { frame, kind: 'error', error: values['#'] ?? new Error('error') };
    default:
      return { frame, kind: 'next', value: sign in values ? values[sign] : sign };
  }
}

/** Several tracks in one: a source and its subscription. */
export function together(...tracks: readonly Track[]): Track {
  const moments = tracks.flatMap((each) => each.moments);
  return { moments: moments.sort((a, b) => a.frame - b.frame) };
}

/** A level at each digit. */
export const levels = (marbles: string): Track =>
  track(marbles, Object.fromEntries(Array.from('0123456789', (digit) => [digit, Number(digit)])));

/** Drops, all for one reason, or for a reason by letter. */
export function drops(marbles: string, reasons: string | Readonly<Record<string, string>>): Track {
  const letters = Array.from(marbles.replace(/[-() ]/g, ''));
  const dropOf = (value: string): Drop => ({
    value,
    reason: typeof reasons === 'string' ? reasons : (reasons[value] ?? ''),
  });
  return track(marbles, Object.fromEntries(letters.map((letter) => [letter, dropOf(letter)])));
}

const held: Picture = {
  title: 'Reads ahead by its capacity, and no further',
  operator: 'bufferedChannel(2)',
  above: [{ role: 'pulled', label: 'source', track: track('(ab)--c--d--|') }],
  below: [
    { role: 'held', label: 'held', track: levels('2-----2--2--1--0'), capacity: 2 },
    { role: 'output', label: 'output', track: track('------a--b--c--(d|)') },
    { role: 'demand', label: 'consumer takes', track: track('------x--x--x--x') },
  ],
  frames: 17,
};
const parked: Picture = {
  title: 'A source that cannot wait is parked, in order',
  operator: 'bufferedChannel(1)',
  above: [{ role: 'input', label: 'source', track: track('abc---------|') }],
  below: [
    { role: 'held', label: 'held', track: levels('123--2--1--0-'), capacity: 1 },
    { role: 'output', label: 'output', track: track('-----a--b--c|') },
    { role: 'demand', label: 'consumer takes', track: track('-----x--x--x-') },
  ],
  frames: 13,
};

const dropOldest: Picture = {
  title: 'drop-oldest makes room at the head',
  operator: "bufferedChannel(2, { overflow: 'drop-oldest' })",
  above: [{ role: 'input', label: 'source', track: together(track('abcd|'), track('^---!')) }],
  below: [
    { role: 'held', label: 'held', track: levels('1222-1-0'), capacity: 2 },
    { role: 'dropped', label: 'dropped', track: drops('--ab', 'overflow') },
    { role: 'output', label: 'output', track: track('-----c-(d|)') },
    { role: 'demand', label: 'consumer takes', track: track('-----x-x') },
  ],
  frames: 9,
};

const batches: Picture = {
  title: 'A batch leaves when it is full, and what is left when the source completes',
  operator: 'batchWithTimeout(2, 9)',
  above: [{ role: 'input', label: 'source', track: track('-a-b-c--d-e--|') }],
  below: [
    { role: 'held', label: 'held', track: levels('01-0-1--0-1-----0') },
    {
      role: 'output',
      label: 'output',
      track: track('---X----Y----(E|)', { X: ['a', 'b'], Y: ['c', 'd'], E: ['e'] }),
    },
  ],
  frames: 15,
};

const pool: Picture = {
  title: 'As many tasks at a time as there are workers',
  operator: 'workerPool(2, project)',
  above: [
    { role: 'input', label: 'source', track: track('abc-------|') },
    { role: 'task', label: 'task of a', track: together(track('^--'), track('---(A|)')) },
    { role: 'task', label: 'task of b', track: together(track('-^'), track('----(B|)')) },
    { role: 'task', label: 'task of c', track: together(track('---^'), track('------(C|)')) },
  ],
  below: [
    { role: 'held', label: 'held', track: levels('12321-0') },
    { role: 'output', label: 'output', track: track('---AB-C---|') },
  ],
  kin: { A: 'a', B: 'b', C: 'c' },
  frames: 11,
};

const bucket: Picture = {
  title: 'Two at once, then one every 3 ms',
  operator: 'leakyBucket(2, 3, { queue: 9 })',
  above: [{ role: 'input', label: 'source', track: track('abcde----------|') }],
  below: [
    { role: 'held', label: 'held', track: levels('00122--1--0----0'), capacity: 9 },
    { role: 'output', label: 'output', track: track('ab-c--d--e-----|') },
  ],
  frames: 17,
};

const lanes: Picture = {
  title: 'A full lane stops a source that waits when it is its turn, and not before',
  operator: 'fanOut(2, (lane) => lane.pipe(workerPool(1, save, { queue: 0 })))',
  above: [{ role: 'pulled', label: 'source', track: track('(abcd)------(ef)--(g|)') }],
  below: [
    { role: 'held', label: 'held', track: levels('2-----1-----1-----1-0') },
    { role: 'output', label: 'lane 0', track: track('------------a-----ce|') },
    { role: 'output', label: 'lane 1', track: track('------bd-------f----(g|)') },
  ],
  frames: 22,
};

const overflow: Picture = {
  title: 'Beyond maxParked the pipe fails, ahead of what is held, and releases the source',
  operator: 'bufferedChannel(1, { maxParked: 2 })',
  above: [
    { role: 'input', label: 'source', track: together(track('a-b-c-d-e-|'), track('^-----!')) },
  ],
  below: [
    { role: 'held', label: 'held', track: levels('1-2-3-0'), capacity: 1 },
    {
      role: 'dropped',
      label: 'dropped',
      track: drops('------(dabc)', { d: 'overflow', a: 'error', b: 'error', c: 'error' }),
    },
    {
      role: 'output',
      label: 'output',
      track: track('------#', { '#': new Error('3 values wait for room') }),
    },
    { role: 'demand', label: 'consumer takes', track: track('---------x-') },
  ],
  frames: 11,
};

const unsubscribed: Picture = {
  title: 'What is held when the consumer leaves is dropped',
  operator: 'leakyBucket(1, 5)',
  above: [{ role: 'input', label: 'source', track: together(track('abc---d--|'), track('^---!')) }],
  below: [
    { role: 'held', label: 'held', track: levels('012-0') },
    { role: 'dropped', label: 'dropped', track: drops('----(bc)', 'unsubscribed') },
    { role: 'output', label: 'output', track: together(track('a'), track('^---!')) },
  ],
  frames: 10,
  caption:
    'The source goes on, and nobody hears it: its line is dotted, and its values are hollow.',
};

const longGap: Picture = {
  title: 'A delay longer than a timer can be set to',
  operator: 'leakyBucket(1, 30 * 86_400_000)',
  above: [{ role: 'input', label: 'source', track: track('(ab|)') }],
  below: [
    {
      role: 'held',
      label: 'held',
      track: {
        moments: [
          { frame: 0, kind: 'next', value: 1 },
          { frame: 2_592_000_000, kind: 'next', value: 0 },
        ],
      },
    },
    {
      role: 'output',
      label: 'output',
      track: {
        moments: [
          { frame: 0, kind: 'next', value: 'a' },
          { frame: 2_592_000_000, kind: 'next', value: 'b' },
          { frame: 2_592_000_000, kind: 'complete' },
        ],
      },
    },
  ],
  frames: 10,
};

const credit: Picture = {
  title: 'A channel gives out as many values as it has credit for',
  operator: 'bufferedChannel(8, { credit })',
  above: [
    { role: 'input', label: 'source', track: track('-(abcdef)-----(gh|)') },
    {
      role: 'notifier',
      label: 'credit',
      track: track('---3--------2-----------------------9-|', { 3: 3, 2: 2, 9: 9 }),
    },
  ],
  below: [
    {
      role: 'held',
      label: 'held',
      track: levels('06-3--------1-3---------------------0'),
      capacity: 8,
    },
    {
      role: 'output',
      label: 'output',
      track: track('---(abc)----(de)--------------------(fgh|)'),
    },
    {
      role: 'demand',
      label: 'consumer takes',
      track: track('---(xxx)----(xx)--------------------(xxx)'),
    },
  ],
  frames: 40,
};

/** Pictures that stand for all kinds of them. */
export const pictures = {
  held,
  parked,
  dropOldest,
  batches,
  pool,
  bucket,
  lanes,
  overflow,
  unsubscribed,
  longGap,
  credit,
} satisfies Readonly<Record<string, Picture>>;
