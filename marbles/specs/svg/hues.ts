import type { Picture, Row } from './picture.js';
import { dropOf } from './drop.js';
import { hueCount } from './palette.js';
import { show } from './show.js';

/** Which hue a value has, by what is shown of it. */
export type Hues = ReadonlyMap<string, number>;

/**
 * Gives each value of the picture its hue: where it can be the one that its first letter or digit has in every
 * picture, else the next that is free. Beyond as many values as there are hues, they repeat.
 */
export function assignHues({ above, below, kin = {} }: Picture): Hues {
  const hues = new Map<string, number>();
  const taken = new Set<number>();
  const relatives = new Map(Object.entries(kin));
  const rootOf = (text: string) => relatives.get(text) ?? text;

  const texts = [...above, ...below].flatMap(textsOf);
  for (const text of texts.map(rootOf)) {
    if (hues.has(text)) continue;
    const wanted = wantedBy(text);
    const order = Array.from({ length: hueCount }, (_, step) => (wanted + step) % hueCount);
    const hue = order.find((each) => !taken.has(each)) ?? wanted;
    hues.set(text, hue);
    taken.add(hue);
  }
  for (const text of texts) hues.set(text, hues.get(rootOf(text)) ?? 0);
  return hues;
}

/** a and 1 want the first hue. */
function wantedBy(text: string): number {
  const code = text.toLowerCase().codePointAt(0) ?? 0;
  const first = code >= 97 ? 97 : 49;
  return (((code - first) % hueCount) + hueCount) % hueCount;
}

function textsOf({ role, track }: Row): string[] {
  if (role === 'held' || role === 'demand' || role === 'notifier') return [];
  return track.moments.flatMap((moment) => {
    if (moment.kind !== 'next') return [];
    const shown = show(role === 'dropped' ? dropOf(moment.value).value : moment.value);
    return shown.kind === 'one' ? [shown.text] : shown.texts;
  });
}
