import type { Hues } from './hues.js';
import { textWidth } from './measure.js';
import { around, path, rect, text, type Shape } from './shapes.js';
import { show } from './show.js';

/** A value, ready to be drawn anywhere. */
export interface Marble {
  readonly width: number;
  readonly draw: (x: number, y: number) => Shape[];
}

/**
 * `plain` is filled; `neutral` has no colour of its own; `hollow` came when nobody was subscribed; `crossed` was
 * dropped.
 */
export type Finish = 'plain' | 'neutral' | 'hollow' | 'crossed';

export const marbleHeight = 26;
const itemHeight = 20;
/** From a text to the rim around it. */
const valuePadding = 8;
const itemPadding = 6;
const rim = 3;

/** A circle for a character, a pill for more, and for an array a pill with a marble for each item. */
export function marbleOf(value: unknown, hues: Hues, finish: Finish): Marble {
  const shown = show(value);
  if (shown.kind === 'one') {
    const width = Math.max(marbleHeight, textWidth(shown.text, 'value') + 2 * valuePadding);
    const looks = looksOf(shown.text, hues, finish);
    const radius = finish === 'neutral' ? 6 : marbleHeight / 2;
    return {
      width,
      draw: (x, y) => [
        rect(around(x, y, width, marbleHeight), radius, looks.rect),
        ...crossing(finish, x, y, width),
        text(shown.text, 'value', { x, middle: y, look: looks.text }),
      ],
    };
  }
  const items = shown.texts.map((each) => ({
    each,
    width: Math.max(itemHeight, textWidth(each, 'item') + 2 * itemPadding),
    looks: looksOf(each, hues, finish),
  }));
  const width = items.reduce((all, item) => all + item.width + rim - 1, rim + 1);
  return {
    width,
    draw(x, y) {
      let left = x - width / 2 + rim;
      const inside = items.flatMap((item): Shape[] => {
        const middle = left + item.width / 2;
        left += item.width + rim - 1;
        return [
          rect(around(middle, y, item.width, itemHeight), itemHeight / 2, item.looks.rect),
          text(item.each, 'item', { x: middle, middle: y, look: item.looks.text }),
        ];
      });
      const hull = rect(around(x, y, width, marbleHeight), marbleHeight / 2, 'batch');
      return [hull, ...crossing(finish, x, y, width), ...inside];
    },
  };
}

/** From corner to corner, and a little further. */
function crossing(finish: Finish, x: number, y: number, width: number): Shape[] {
  if (finish !== 'crossed') return [];
  const [across, down] = [width / 2 - 1, marbleHeight / 2 - 1];
  return [
    path(
      'cross',
      [x - across, y - down, x + across, y + down],
      [x - across, y + down, x + across, y - down],
    ),
  ];
}

function looksOf(shown: string, hues: Hues, finish: Finish): { rect: string; text: string } {
  const hue = hues.get(shown);
  if (finish === 'neutral' || hue === undefined) return { rect: 'neutral', text: '' };
  if (finish === 'hollow') return { rect: `hollow e${hue}`, text: '' };
  if (finish === 'crossed') return { rect: `crossed e${hue}`, text: 'halo' };
  return { rect: `v${hue}`, text: `t${hue}` };
}
