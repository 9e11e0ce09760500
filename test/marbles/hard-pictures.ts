import fc from 'fast-check';
import type { Moment, Track } from '../../marbles/diagram/track.js';
import type { Picture, Row } from '../../marbles/specs/svg/picture.js';
import { drops, levels, together, track } from './pictures.js';

const emoji = ['🚀', '👩‍👩‍👧‍👦', '🇳🇴', '✋🏽', '❤️', 'é'];

function every(count: number, step: number, value: (index: number) => unknown): Track {
  const moments = Array.from({ length: count }, (_, index): Moment => {
    return { frame: index * step, kind: 'next', value: value(index) };
  });
  return { moments };
}

function picture(about: Partial<Picture>): Picture {
  return { title: 'hard', operator: 'x()', above: [], below: [], frames: 10, ...about };
}

const input = (own: Track, label = 'source'): Row => ({ role: 'input', label, track: own });
const output = (own: Track): Row => ({ role: 'output', label: 'output', track: own });

/** Pictures that are hard to lay out. */
export const hardPictures: Readonly<Record<string, Picture>> = {
  'nothing at all': picture({ frames: 0 }),
  'no title': picture({ title: '', operator: '' }),
  'empty tracks': picture({
    above: [input({ moments: [] })],
    below: [
      { role: 'held', label: 'held', track: { moments: [] }, capacity: 0 },
      { role: 'dropped', label: 'dropped', track: { moments: [] } },
      output({ moments: [] }),
      { role: 'demand', label: 'consumer takes', track: { moments: [] } },
    ],
  }),
  'groups of six side by side': picture({
    above: [input(together(track('(abcdef)'), track('-(ghijkl)'), track('--(mnopqr|)')))],
    below: [output(track('(abcdef#)'))],
  }),
  'a group of forty': picture({ above: [input(every(40, 0, (index) => index))] }),
  emoji: picture({
    title: emoji.join(' '),
    operator: `of(${emoji.join(', ')})`,
    above: [
      input(
        every(6, 1, (index) => emoji[index]),
        emoji.join(''),
      ),
    ],
    below: [output(every(6, 1, (index) => [emoji[index], emoji[5 - index]]))],
  }),
  'levels up to 20, frame by frame': picture({
    below: [
      {
        role: 'held',
        label: 'held',
        track: every(41, 1, (index) => 20 - Math.abs(20 - index)),
        capacity: 16,
      },
    ],
    frames: 41,
  }),
  'levels in the thousands, with a huge capacity': picture({
    below: [
      {
        role: 'held',
        label: 'held',
        track: every(9, 1, (index) => index * 1250),
        capacity: 65_536,
      },
    ],
  }),
  '200 frames with gaps': picture({
    above: [input(every(9, 23, (index) => 'abcdefghi'[index]))],
    below: [output(every(8, 25, (index) => 'abcdefgh'[index]))],
    frames: 200,
  }),
  '200 frames without a gap': picture({
    above: [input(every(200, 1, (index) => index))],
    frames: 200,
  }),
  'error and complete in one frame': picture({
    above: [input(track('^-(a|#!)'))],
    below: [output(track('(|#)'))],
  }),
  'subscribed and unsubscribed at once, again and again': picture({
    above: [input(track('(^!)(^!)(^a!)'))],
  }),
  'long words everywhere': picture({
    title: 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4),
    operator: `bufferedChannel(2, { onDrop: ${'veryLong'.repeat(30)} })`,
    caption: 'A caption that goes on, and on, '.repeat(12),
    above: [input(track('a-b-c|'), 'notificationsFromTheServer, merged with those from the cache')],
  }),
  'wide values next to each other': picture({
    above: [input(every(4, 1, (index) => `value number ${index} of four`))],
    below: [
      output(
        every(3, 1, (index) => Array.from({ length: 12 }, (_, item) => `item ${index}.${item}`)),
      ),
    ],
  }),
  'a wide value in the second frame': picture({
    above: [input(every(2, 1, () => 'x'.repeat(28)))],
  }),
  'three reasons in one frame, and others next to it': picture({
    below: [
      {
        role: 'dropped',
        label: 'dropped',
        track: together(
          drops('abc', 'overflow'),
          drops('---(defg)', { d: 'unsubscribed', e: 'error', f: 'error', g: 'task-error' }),
          drops('----hi', { h: 'cancelled', i: 'unsubscribed' }),
        ),
      },
    ],
  }),
  'demand in crowds': picture({
    below: [
      {
        role: 'demand',
        label: 'consumer takes',
        track: together(...(Array(120).fill(track('xyz')) as Track[])),
      },
    ],
  }),
  markup: picture({
    title: '</title><script>alert("&amp;")</script>',
    operator: `map((x) => x < 1 && x > 0 ? "'" : ']]>')`,
    above: [
      input(
        every(3, 1, (index) => ['<b>', '&', '\u0000\ud800\n '][index]),
        '<&>',
      ),
    ],
    caption: '-- <!-- --> ]]>',
  }),
  'before the subscription': picture({
    above: [
      input({
        moments: [
          ...[-30, -2, 0, 3].map((frame): Moment => ({ frame, kind: 'next', value: frame })),
        ],
      }),
    ],
  }),
  months: picture({
    above: [
      input({
        moments: [0, 1, 86_400_000, 2_592_000_000].map((frame): Moment => ({
          frame,
          kind: 'next',
          value: frame,
        })),
      }),
    ],
    below: [{ role: 'held', label: 'held', track: levels('1') }],
  }),
};

const frame = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 2 ** 40 }) },
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from('abcdefghij')) },
  fc.constantFrom(...emoji),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom('a', 'b', 'long', 7, undefined), { maxLength: 14 }),
  fc.anything({ maxDepth: 1 }),
);
const level = fc.oneof(fc.nat(4), fc.nat(20), fc.nat(100_000));
const reason = fc.constantFrom('overflow', 'unsubscribed', 'error', 'task-error', 'cancelled');

function trackOf(content: fc.Arbitrary<unknown>): fc.Arbitrary<Track> {
  const next = fc.record({ frame, kind: fc.constant('next' as const), value: content });
  const end = fc.record({
    frame,
    kind: fc.constantFrom('complete' as const, 'subscribe' as const, 'unsubscribe' as const),
  });
  const error = fc.record({ frame, kind: fc.constant('error' as const), error: fc.string() });
  const moment: fc.Arbitrary<Moment> = fc.oneof({ weight: 6, arbitrary: next }, end, error);
  return fc.array(moment, { maxLength: 24 }).map((moments) => ({ moments }));
}

const line = fc.oneof(
  fc.constantFrom('source', 'held', 'consumer takes'),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({
    role: fc.constantFrom(
      'input' as const,
      'pulled' as const,
      'notifier' as const,
      'task' as const,
      'output' as const,
    ),
    label: line,
    track: trackOf(value),
  }),
  fc.record(
    {
      role: fc.constant('held' as const),
      label: line,
      track: trackOf(level),
      capacity: fc.nat(30),
    },
    { requiredKeys: ['role', 'label', 'track'] },
  ),
  fc.record({
    role: fc.constant('dropped' as const),
    label: line,
    track: trackOf(fc.record({ value, reason })),
  }),
  fc.record({
    role: fc.constant('demand' as const),
    label: line,
    track: trackOf(fc.constant('x')),
  }),
);

/** Any picture. */
export const anyPicture: fc.Arbitrary<Picture> = fc.record(
  {
    title: fc.string({ unit: 'grapheme', maxLength: 200 }),
    operator: fc.string({ maxLength: 120 }),
    above: fc.array(row, { maxLength: 4 }),
    below: fc.array(row, { maxLength: 4 }),
    frames: fc.nat(200),
    caption: fc.lorem({ maxCount: 40 }),
  },
  { requiredKeys: ['title', 'operator', 'above', 'below', 'frames'] },
);
