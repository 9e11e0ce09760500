import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture, Row } from '../../marbles/specs/svg/picture.js';
import type { Box, Scene, Text } from '../../marbles/specs/svg/shapes.js';
import { describe as inWords } from '../../marbles/specs/svg/describe.js';
import { fonts, type FontName } from '../../marbles/specs/svg/fonts.js';
import { layout } from '../../marbles/specs/svg/layout.js';
import { balance, textWidth, wrap } from '../../marbles/specs/svg/measure.js';
import { schemes } from '../../marbles/specs/svg/palette.js';
import { renderSvg } from '../../marbles/specs/svg/render.js';
import { anyPicture, hardPictures } from './hard-pictures.js';
import { drops, pictures, together, track } from './pictures.js';
import { elementsOf, readXml, textOf } from './xml.js';

const named: readonly (readonly [string, Picture])[] = [
  ...Object.entries(pictures),
  ...Object.entries(hardPictures),
];

const shapesOf = ({ groups }: Scene) => groups.flatMap(({ shapes }) => shapes);
const textsOf = (scene: Scene): Text[] =>
  shapesOf(scene).flatMap((shape) => (shape.kind === 'text' ? [shape] : []));
/** Shapes of a class, or of those that match. */
const looking = (scene: Scene, look: RegExp) =>
  shapesOf(scene).filter((shape) => shape.look.split(' ').some((name) => look.test(name)));
const wordsOf = (scene: Scene, font: FontName): string[] =>
  textsOf(scene).flatMap((text) => (text.font === font ? [text.text] : []));

/** What rounding may cost. */
const slack = 0.001;
const right = ({ left, width }: Box) => left + width;
const bottom = ({ top, height }: Box) => top + height;
const isWithin = (inner: Box, outer: Box) =>
  inner.left >= outer.left - slack &&
  inner.top >= outer.top - slack &&
  right(inner) <= right(outer) + slack &&
  bottom(inner) <= bottom(outer) + slack;
const overlap = (one: Box, other: Box) =>
  right(one) > other.left + slack &&
  right(other) > one.left + slack &&
  bottom(one) > other.top + slack &&
  bottom(other) > one.top + slack;

const marble = /^(?:v\d+|neutral|hollow|crossed)$/;

/** What is wrong with a layout. */
function faultsOf(scene: Scene): string[] {
  const view = { left: 0, top: 0, width: scene.width, height: scene.height };
  const texts = textsOf(scene);
  const marbles = looking(scene, marble);
  const ends = looking(scene, /^(?:complete|error|unsubscribe|unheard-end)$/);
  const outside = shapesOf(scene)
    .filter(({ box }) => !isWithin(box, view))
    .map((shape) => `${shape.kind === 'text' ? shape.text : shape.look} is outside`);
  const overlaid = texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one.box, other.box))
      .map((other) => `${one.text} overlaps ${other.text}`),
  );
  const spilt = texts
    .filter(({ font }) => font === 'value' || font === 'item')
    .filter(({ box }) => !marbles.some((ground) => isWithin(box, ground.box)))
    .map(({ text }) => `${text} does not fit its marble`);
  const piled = marbles.flatMap((one, index) =>
    [...marbles.slice(index + 1), ...ends]
      .filter((other) => overlap(one.box, other.box))
      .map(({ look }) => `a marble overlaps another, or its end: ${one.look}, ${look}`),
  );
  const buried = texts
    .filter(({ font }) => font !== 'value' && font !== 'item')
    .filter(({ box }) => marbles.some((ground) => overlap(box, ground.box)))
    .map(({ text }) => `${text} is under a marble`);
  return [...outside, ...overlaid, ...spilt, ...piled, ...buried];
}

const flow = (role: 'input' | 'output', marbles: string): Row => ({
  role,
  label: role,
  track: track(marbles),
});
const picture = (about: Partial<Picture>): Picture => ({
  title: 'title',
  operator: 'operator()',
  above: [],
  below: [],
  frames: 10,
  ...about,
});

describe('layout', () => {
  it.each(named)('every text has its place: %s', (_, each) => {
    expect(faultsOf(layout(each))).toEqual([]);
  });

  it('every text has its place, whatever the picture', () => {
    fc.assert(
      fc.property(anyPicture, (each) => {
        expect(faultsOf(layout(each))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('sees a text that does not fit', () => {
    const scene = layout(pictures.held);
    const [text] = textsOf(scene);
    const label = textsOf(scene).find((each) => each.text === 'output');
    const [ground] = looking(scene, marble);
    const spoilt = (box: Box | undefined) => {
      const moved = { ...text, text: 'moved', box } as Text;
      return faultsOf({ ...scene, groups: [...scene.groups, { name: 'moved', shapes: [moved] }] });
    };
    expect(spoilt({ left: -1, top: 4, width: 9, height: 9 })).toEqual(['moved is outside']);
    expect(spoilt(label?.box)).toEqual(['output overlaps moved']);
    expect(spoilt(ground?.box)).toContain('moved is under a marble');
  });

  it('a page is wide enough for the pictures of a manual', () => {
    for (const each of Object.values(pictures)) expect(layout(each).width).toBeLessThanOrEqual(700);
  });

  it('time is even where that fits, and one frame stands at one place in all rows', () => {
    const scene = layout(
      picture({ above: [flow('input', 'abc-d|')], below: [flow('output', 'a-b-(cd)|')] }),
    );
    const middles = looking(scene, /^v\d$/).map(({ box }) => box.left + box.width / 2);
    const [a = 0, b = 0, c = 0, d = 0, ...output] = middles;
    expect([c - b, (d - c) / 2].map((step) => step.toFixed(3))).toEqual([
      (b - a).toFixed(3),
      (b - a).toFixed(3),
    ]);
    expect(output.map((x) => x.toFixed(3))).toEqual([a, c, d, d].map((x) => x.toFixed(3)));
  });

  it('a long time in which nothing happens is left out, and the numbers of frames tell', () => {
    const scene = layout(pictures.longGap);
    expect(looking(scene, /^torn$/)).toHaveLength(1);
    expect(wordsOf(scene, 'axis')).toEqual(['frame', '0', '2592000000']);
    expect(looking(layout(pictures.pool), /^torn$/)).toEqual([]);
  });

  it('values of one frame are drawn in order, from top to bottom and from left to right', () => {
    const scene = layout(picture({ above: [flow('input', '(abcdef)')] }));
    const byPlace = textsOf(scene)
      .filter(({ font }) => font === 'value')
      .sort((one, other) => one.x - other.x || one.baseline - other.baseline);
    expect(byPlace.map(({ text }) => text).join('')).toBe('abcdef');
    expect(new Set(byPlace.map(({ x }) => x)).size).toBe(2);
  });

  it('what is held is drawn where it stands, and what is parked warns', () => {
    const parked = looking(layout(pictures.parked), /^parked$/);
    const scene = layout(pictures.parked);
    expect(wordsOf(scene, 'level')).toEqual(['1', '2', '3', '2', '1', '0']);
    expect(wordsOf(scene, 'note')).toEqual(['capacity 1']);
    const heights = parked.map(({ box }) => box.height);
    expect(heights).toEqual([15, 30, 15]);
    expect(looking(layout(pictures.held), /^parked$/)).toEqual([]);
  });

  it('neighbours that are dropped for one reason share its text', () => {
    expect(wordsOf(layout(pictures.dropOldest), 'reason')).toEqual(['overflow']);
    expect(wordsOf(layout(pictures.overflow), 'reason')).toEqual(['overflow', 'error']);
    const apart = drops('a---------b', 'overflow');
    const far = picture({ below: [{ role: 'dropped', label: 'dropped', track: apart }] });
    expect(wordsOf(layout(far), 'reason')).toEqual(['overflow', 'overflow']);
  });

  it('an array is drawn item by item, and a long one is cut', () => {
    expect(wordsOf(layout(pictures.batches), 'item')).toEqual(['a', 'b', 'c', 'd', 'e']);
    const many = {
      moments: [{ frame: 0, kind: 'next', value: Array.from('abcdefghijklmnop') } as const],
    };
    const long = picture({ above: [{ role: 'input', label: 'in', track: many }] });
    expect(wordsOf(layout(long), 'item')).toEqual([...Array.from('abcdefghij'), '…', 'p']);
  });

  it('one mark says that a flow ended and was unsubscribed thereby', () => {
    const scene = layout(picture({ above: [flow('input', '^--(|!)')] }));
    expect(looking(scene, /^complete$/)).toHaveLength(1);
    expect(looking(scene, /^unsubscribe$/)).toEqual([]);
  });

  it('what nobody hears is hollow, on a dotted line', () => {
    const source: Row = {
      role: 'input',
      label: 'source',
      track: together(track('a-b-c'), track('-^-!')),
    };
    const scene = layout(picture({ above: [source] }));
    const values = textsOf(scene).filter(({ font }) => font === 'value');
    expect(values.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(looking(scene, /^hollow$/)).toHaveLength(2);
    expect(looking(scene, /^unheard$/)).toHaveLength(2);
    expect(looking(scene, /^v1$/)).toHaveLength(1);
  });

  it.each([
    [
      { moments: [{ frame: NaN, kind: 'complete' }] },
      'Expected each frame to be a finite number, got NaN',
    ],
    [track('-a'), 'Expected each level to be a number ≥ 0, got a'],
  ] as const)('refuses what it cannot draw: %#', (own, message) => {
    const rows: Row[] = [{ role: 'held', label: 'held', track: own }];
    expect(() => layout(picture({ below: rows }))).toThrow(new RangeError(message));
  });

  it('refuses a drop without a reason', () => {
    const rows: Row[] = [{ role: 'dropped', label: 'dropped', track: track('a') }];
    const message = 'Expected each value of a row of drops to be { value, reason }, got a';
    expect(() => layout(picture({ below: rows }))).toThrow(new TypeError(message));
  });
});

describe('colours', () => {
  /** The class of each marble, by what is written on it. */
  function huesOf(each: Picture): Map<string, Set<string>> {
    const hues = new Map<string, Set<string>>();
    const shapes = shapesOf(layout(each));
    for (const [index, shape] of shapes.entries()) {
      if (shape.kind !== 'text' || (shape.font !== 'value' && shape.font !== 'item')) continue;
      const ground = shapes
        .slice(0, index)
        .findLast(({ look }) => marble.test(look.split(' ')[0] ?? ''));
      const hue = /[ve](\d+)$/.exec(ground?.look ?? '')?.[1] ?? 'none';
      hues.set(shape.text, (hues.get(shape.text) ?? new Set()).add(hue));
    }
    return hues;
  }

  it('a value keeps its colour in all rows, and no other has it', () => {
    for (const each of [pictures.held, pictures.dropOldest, pictures.batches, pictures.overflow]) {
      const hues = [...huesOf(each).values()].map((own) => [...own]);
      expect(hues.every(({ length }) => length === 1)).toBe(true);
      expect(new Set(hues.flat()).size).toBe(hues.length);
    }
  });

  it('a letter has the same colour in every picture, where it can', () => {
    const one = huesOf(picture({ above: [flow('input', 'cab')] }));
    const other = huesOf(picture({ above: [flow('input', 'bc')] }));
    expect(one.get('c')).toEqual(other.get('c'));
    expect(one.get('b')).toEqual(other.get('b'));
    const taken = huesOf(picture({ above: [flow('input', 'ai')] }));
    expect(taken.get('i')).not.toEqual(taken.get('a'));
  });

  it('a value that was made of another can have its colour', () => {
    const hues = huesOf(pictures.pool);
    expect(hues.get('A')).toEqual(hues.get('a'));
    expect(hues.get('B')).not.toEqual(hues.get('A'));
  });

  it('what a notifier emits has none', () => {
    expect(huesOf(pictures.credit).get('9')).toEqual(new Set(['none']));
  });

  const linear = (channel: number) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  function luminance(colour: string): number {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
      linear(parseInt(colour.slice(at, at + 2), 16) / 255),
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function contrast(one: string, other: string): number {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }
  /** CIE L*: 0 is black, 100 is white. */
  const lightness = (colour: string) => 116 * Math.cbrt(luminance(colour)) - 16;

  describe.each(Object.entries(schemes))('in %s', (_, scheme) => {
    it('texts have a contrast of 4.5:1 or more on all that they are written on', () => {
      const { card, box, instant, ink, quiet, demand, hues } = scheme;
      const written = [
        ...[card, box, instant].map((ground) => [ink, ground] as const),
        [quiet, card] as const,
        [demand, card] as const,
        ...hues.map(({ text, fill }) => [text, fill] as const),
      ];
      for (const [text, ground] of written)
        expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
    });

    it('marbles, lines and marks have 3:1 or more', () => {
      const { card, line, heldEdge, parkedEdge, demand, wrong, hues } = scheme;
      const drawn = [line, heldEdge, parkedEdge, demand, wrong, ...hues.map(({ edge }) => edge)];
      for (const colour of drawn) expect(contrast(colour, card)).toBeGreaterThanOrEqual(3);
    });

    it('no two values have the same lightness', () => {
      const sorted = scheme.hues.map(({ fill }) => lightness(fill)).sort((a, b) => a - b);
      const differences = sorted.slice(1).map((each, index) => each - (sorted[index] ?? 0));
      expect(Math.min(...differences)).toBeGreaterThanOrEqual(3.5);
    });
  });
});

describe('the file', () => {
  it.each(named)('is well-formed, stands alone and is named: %s', (_, each) => {
    const svg = renderSvg(each);
    const root = readXml(svg);
    const elements = elementsOf(root);
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    const [id = '', ...parts] = ids;

    expect(root.name).toBe('svg');
    expect(root.attributes.get('role')).toBe('img');
    expect(root.attributes.get('aria-labelledby')?.split(' ')).toEqual(parts);
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(parts).toEqual([`${id}-title`, `${id}-desc`]);

    const allowed = ['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'text'];
    expect(elements.filter(({ name }) => !allowed.includes(name))).toEqual([]);
    const style = textOf(elements.find(({ name }) => name === 'style') ?? root);
    expect(style).not.toMatch(/url\(|@import|@font-face/);
    const selectors = Array.from(
      style.matchAll(/(?:^|[{}])\s*([^{}@]+?)\s*\{/g),
      ([, name]) => name ?? '',
    );
    const foreign = selectors.filter((name) => !name.startsWith(`#${id}`) || name.includes(','));
    expect(foreign).toEqual([]);
  });

  it('is well-formed, whatever the picture', () => {
    fc.assert(
      fc.property(anyPicture, (each) => {
        const texts = textsOf(layout(each)).map(({ text }) => text);
        const printed = elementsOf(readXml(renderSvg(each))).filter(({ name }) => name === 'text');
        expect(printed.map(textOf)).toEqual(texts);
      }),
      { numRuns: 200 },
    );
  });

  it.each(named)(
    'has a rule for every class, and a colour in both schemes for every rule: %s',
    (_, each) => {
      const elements = elementsOf(readXml(renderSvg(each)));
      const style = textOf(elements.find(({ name }) => name === 'style') as (typeof elements)[0]);
      const classes = new Set(
        elements
          .filter(({ name }) => name !== 'g')
          .flatMap(({ attributes }) => attributes.get('class')?.split(' ') ?? []),
      );
      const ruled = Array.from(style.matchAll(/ \.([\w-]+) \{/g), ([, look]) => look);
      expect(new Set(ruled)).toEqual(classes);
      const [light, dark] = Array.from(style.matchAll(/\{ (--[^}]*) \}/g), ([, variables = '']) =>
        Array.from(variables.matchAll(/--(\w+):/g), ([, variable]) => variable),
      );
      const used = Array.from(style.matchAll(/var\(--(\w+)\)/g), ([, variable]) => variable);
      expect(new Set(light)).toEqual(new Set(used));
      expect(dark).toEqual(light);
    },
  );

  it('is the same, byte for byte, for the same picture', () => {
    for (const [, each] of named) expect(renderSvg({ ...each })).toBe(renderSvg(each));
    const svg = renderSvg(pictures.held);
    expect(svg).not.toMatch(/[ \t]$/m);
    expect(svg.endsWith('</svg>\n')).toBe(true);
  });

  it('does not clash with another in one page', () => {
    const same = Object.values(pictures).map((each) => ({ ...each, title: 'One title' }));
    const ids = same.map((each) => readXml(renderSvg(each)).attributes.get('id'));
    expect(new Set(ids).size).toBe(same.length);
  });

  it('shows markup as it is', () => {
    const elements = elementsOf(readXml(renderSvg(hardPictures['markup'] ?? picture({}))));
    const texts = elements.filter(({ name }) => name === 'text').map(textOf);
    expect(texts).toContain('</title><script>alert("&amp;")</script>');
    expect(texts).toContain('<&>');
    expect(texts).toContain('␀�␊␣');
  });

  it('cannot be mistaken for well-formed where it is not', () => {
    const wrong = [
      '<a',
      '<a></b>',
      '<a>&nbsp;</a>',
      '<a b="1" b="2"/>',
      '<a>]]></a>',
      '<a/><b/>',
      '<a>\u0001</a>',
      '<a b="<"/>',
    ];
    for (const each of wrong) expect(() => readXml(each)).toThrow(SyntaxError);
  });
});

describe('the description', () => {
  it('says what happens, row by row', () => {
    expect(inWords(pictures.held)).toBe(
      'bufferedChannel(2). ' +
        'The source is read for a and b at frame 0, c at frame 6, d at frame 9, then completes at frame 12. ' +
        'bufferedChannel(2) holds 2 from frame 0, 1 from frame 12, 0 from frame 15 (its capacity is 2). ' +
        'The output emits a at frame 6, b at frame 9, c at frame 12, d at frame 15, then completes at frame 15. ' +
        'The consumer takes at frame 6, at frame 9, at frame 12, at frame 15.',
    );
  });

  it('says what is parked and dropped, who was unsubscribed, and what failed', () => {
    const words = inWords(pictures.overflow);
    expect(words).toContain(
      'holds 1 from frame 0, 2, 1 of them parked, from frame 2, 3, 2 of them parked, from frame 4, 0 from frame 6 (its capacity is 1).',
    );
    expect(words).toContain(
      'Dropped: d (overflow), a (error), b (error) and c (error) at frame 6.',
    );
    expect(words).toContain(
      'd at frame 6, then is unsubscribed at frame 6, then emits e to nobody at frame 8',
    );
    expect(words).toContain('The output fails with 3 values wait for room at frame 6.');
  });

  it('speaks of tasks by their labels, of arrays item by item, and has the caption', () => {
    expect(inWords(pictures.pool)).toContain(
      'Task of a: is subscribed at frame 0, then emits A at frame 3, then completes at frame 3.',
    );
    expect(inWords(pictures.batches)).toContain(
      'The output emits [a, b] at frame 3, [c, d] at frame 8,',
    );
    expect(inWords(pictures.unsubscribed)).toContain(pictures.unsubscribed.caption);
    expect(inWords(pictures.credit)).toContain('The consumer takes 3 values at frame 3,');
  });

  it('says so where nothing happens', () => {
    expect(inWords(hardPictures['empty tracks'] ?? picture({}))).toBe(
      'x(). The source emits nothing. x() holds nothing (its capacity is 0). Dropped: nothing. ' +
        'The output emits nothing. The consumer takes nothing.',
    );
  });
});

describe('measures', () => {
  const fontName = fc.constantFrom(...(Object.keys(fonts) as FontName[]));

  it('a wrapped text loses nothing, and no line is wider than it may be', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    fc.assert(
      fc.property(text, fontName, fc.integer({ min: 40, max: 400 }), (words, font, width) => {
        const bare = words.replace(/\s/gu, '');
        for (const lines of [wrap(words, font, width), balance(words, font, width)]) {
          expect(lines.join('').replace(/\s/gu, '')).toBe(bare);
          // A character of several signs can alone be wider than a narrow line.
          const most = Math.max(
            width,
            ...Array.from(new Intl.Segmenter().segment(bare), ({ segment }) =>
              textWidth(segment, font),
            ),
          );
          for (const line of lines) expect(textWidth(line, font)).toBeLessThanOrEqual(most);
        }
        expect(balance(words, font, width)).toHaveLength(wrap(words, font, width).length);
      }),
    );
  });

  it('bold is wider than regular, and accents take no width', () => {
    expect(textWidth('abc', 'level')).toBeGreaterThan((textWidth('abc', 'label') * 12) / 13);
    expect(textWidth('é', 'label')).toBe(textWidth('e', 'label'));
    expect(textWidth('e\u0301', 'label')).toBe(textWidth('e', 'label'));
  });
});
