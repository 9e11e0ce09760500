/** A time progression, as in `10ms`. */
export interface Time {
  readonly text: string;
  /** Absent where it is no whole number of frames. */
  readonly frames: number | undefined;
}

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;
type Unit = keyof typeof UNITS;

const progression = /(\d+)(?:\.(\d+))?(ms|s|m)/y;

/** The time progression that begins at `position`, if one does. */
export function timeAt(text: string, position: number): Time | undefined {
  progression.lastIndex = position;
  const [found, whole = '', fraction = '', unit] = progression.exec(text) ?? [];
  if (found === undefined) return undefined;
  return { text: found, frames: framesOf(whole, fraction, unit as Unit) };
}

/** Exact, where floating point would make 1000.9999999999999 frames of `1.001s`. */
function framesOf(whole: string, fraction: string, unit: Unit): number | undefined {
  let digits = fraction.length;
  while (fraction[digits - 1] === '0') digits--;
  // No unit has a part of six decimals that is whole: 0.00005m are 3 ms.
  if (digits > 5) return undefined;
  const part = (Number(fraction.slice(0, digits)) * UNITS[unit]) / 10 ** digits;
  return Number.isInteger(part) ? Number(whole) * UNITS[unit] + part : undefined;
}

/** From so many frames on, a stretch in which nothing happens is written as a time: ` 97ms `. */
export const LONG = 20;

/** The shortest time progression of so many frames that RxJS, which multiplies, reads so too. */
export function shortestTime(frames: number): string {
  let shortest = `${frames}ms`;
  for (const unit of ['s', 'm'] as const) {
    const time = `${frames / UNITS[unit]}${unit}`;
    const exact = timeAt(time, 0)?.frames === frames && inRxJS(time, unit) === frames;
    if (exact && time.length < shortest.length) shortest = time;
  }
  return shortest;
}

const inRxJS = (time: string, unit: Unit): number =>
  unit === 'm' ? parseFloat(time) * 1000 * 60 : parseFloat(time) * UNITS[unit];
