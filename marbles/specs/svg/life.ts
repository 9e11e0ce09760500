import type { Frame } from './by-frame.js';

/** A time in which a flow is subscribed. Open at an end, it goes on beyond the picture. */
export interface Life {
  readonly from?: number;
  readonly to?: number;
}

/**
 * When a flow was subscribed. A track that tells no subscription is subscribed all the time, until it ends. One
 * that was subscribed several times at once lives as long as one of them does.
 */
export function livesOf(frames: readonly Frame[]): Life[] {
  const marks = frames.flatMap(({ moments }) => moments);
  const told = marks.some(({ kind }) => kind === 'subscribe');
  const lives: Life[] = [];
  let open: Life | undefined = told ? undefined : {};
  let subscribers = told ? 0 : 1;
  for (const { frame, kind } of marks) {
    if (kind === 'next') continue;
    if (kind === 'subscribe') {
      subscribers++;
      open ??= { from: frame };
      continue;
    }
    subscribers = kind === 'unsubscribe' ? Math.max(0, subscribers - 1) : 0;
    if (subscribers > 0 || open === undefined) continue;
    lives.push({ ...open, to: frame });
    open = undefined;
    subscribers = 0;
  }
  if (open) lives.push(open);
  return lives;
}

/** Whether it was subscribed then. Within a frame, marks can stand in any order. */
export const isAlive = (lives: readonly Life[], frame: number): boolean =>
  lives.some((life) => contains(life, frame));

/** When something happened although it was not subscribed: from the life before to the life after. */
export function afterlivesOf(lives: readonly Life[], frames: readonly Frame[]): Life[] {
  const pauses: Life[] = [];
  let open: Life | undefined = {};
  for (const { from, to } of lives) {
    if (open && from !== undefined) pauses.push({ ...open, to: from });
    open = to === undefined ? undefined : { from: to };
  }
  if (open) pauses.push(open);
  const unheard = frames.filter(({ frame }) => !isAlive(lives, frame));
  return pauses.filter((pause) => unheard.some(({ frame }) => contains(pause, frame)));
}

const contains = ({ from = -Infinity, to = Infinity }: Life, frame: number): boolean =>
  from <= frame && frame <= to;
