import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { parseMarbles } from '../../../marbles/diagram/parse.js';
import type { Moment, Track } from '../../../marbles/diagram/track.js';
import { marbleMatchers } from '../../../marbles/matchers/matchers.js';
import type { MarbleMatchers } from '../../../marbles/matchers/runner.js';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any -- as vitest declares it
  interface Matchers<T = any> extends MarbleMatchers<T> {}
}

expect.extend(marbleMatchers);

type Values = Readonly<Record<string, unknown>>;

/** A track out of a diagram. */
export function track(
  marbles: string,
  values: Values = {},
  error: unknown = 'error',
  allowed = '|#',
): Track {
  const momentOf = (mark: ReturnType<typeof parseMarbles>['marks'][number]): Moment => {
    const { frame, kind } = mark;
    if (kind === 'error') return { frame, kind, error };
    if (kind !== 'next') return { frame, kind };
    return { frame, kind, value: mark.symbol in values ? values[mark.symbol] : mark.symbol };
  };
  return { moments: parseMarbles(marbles, allowed).marks.map(momentOf) };
}

/** What a flow would have recorded of an output; in other frames than those drawn, where some are given. */
export function output(
  marbles: string,
  values?: Values,
  error?: unknown,
  frames: readonly number[] = [],
) {
  const { moments } = track(marbles, values, error);
  const moved = moments.map((moment, index) => ({
    ...moment,
    frame: frames[index] ?? moment.frame,
  }));
  return { over: true, emitted: { moments: moved } };
}

export const source = (marbles: string, values?: Values, error?: unknown) => ({
  over: true,
  pulled: [track(marbles, values, error, '|#!')],
});

export const subscribed = (...marbles: readonly string[]) => ({
  over: true,
  subscribed: marbles.map((text) => track(text, {}, undefined, '^!')),
});

export const timing = (...marbles: readonly string[]) => ({
  over: true,
  timers: subscribed(...marbles).subscribed,
});

export const pausable = (marbles: string) => ({ over: true, paused: track(marbles) });

/** `[frame, level]`, for each frame at whose end the level has changed. */
type Level = readonly [frame: number, level: number];
/** `[frame, value, reason]` */
type Dropped = readonly [frame: number, value: unknown, reason: string];

export const stage = (held: readonly Level[], parked: readonly Level[] = []) => ({
  over: true,
  held: nexts(held),
  parked: nexts(parked),
  dropped: nexts([]),
});

export const dropping = (...drops: readonly Dropped[]) => ({
  ...stage([]),
  dropped: nexts(drops.map(([frame, value, reason]) => [frame, { value, reason }] as const)),
});

const nexts = (moments: readonly (readonly [frame: number, value: unknown])[]): Track => ({
  moments: moments.map(([frame, value]) => ({ frame, kind: 'next', value })),
});

/** What an assertion says when it fails, without its colours; between newlines, as template texts are. */
export function failureOf(assert: () => void): string {
  try {
    assert();
  } catch (error) {
    // A place that is marked may be blank at the end of a line.
    const text = stripVTControlCharacters((error as Error).message).replace(/ +$/gm, '');
    return `\n${text}\n`;
  }
  return expect.fail('the assertion passed');
}
