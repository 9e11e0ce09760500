import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { families, fonts, type FontName } from '../../marbles/specs/svg/fonts.js';
import { textWidth } from '../../marbles/specs/svg/measure.js';
import { renderSvg } from '../../marbles/specs/svg/render.js';
import { faultsOf, openPage, portrait } from '../../scripts/diagrams-in-browser.js';
import { hardPictures } from '../marbles/hard-pictures.js';
import { pictures } from '../marbles/pictures.js';

const { page, close } = await openPage();
afterAll(close);

const all = { ...pictures, ...hardPictures };

describe('in Chromium', () => {
  it.each(Object.entries(all))('every text has its place: %s', async (_, picture) => {
    expect(await faultsOf(page, renderSvg(picture))).toEqual([]);
  });

  it.each(readdirSync('docs/diagrams'))(
    'every text of docs/diagrams/%s has its place',
    async (file) => {
      expect(await faultsOf(page, readFileSync(`docs/diagrams/${file}`, 'utf8'))).toEqual([]);
    },
  );

  it('a text that does not fit is found', async () => {
    const svg = renderSvg(pictures.held);
    const wide = svg.replace('>a</text>', '>aaaaaaaa</text>');
    expect(await faultsOf(page, wide)).toContain('"aaaaaaaa" reaches out of what it is on');
    const outside = svg.replace('>output</text>', `>${'output '.repeat(30)}</text>`);
    expect((await faultsOf(page, outside)).join('\n')).toMatch(/reaches out of the picture/);
    expect((await faultsOf(page, outside)).join('\n')).toMatch(/overlaps/);
    const [fault] = await faultsOf(page, svg.replace('</desc>', ''));
    expect(fault).toMatch(/^not XML/);
  });

  it('a picture in an <img> follows the colour scheme', async () => {
    const svg = renderSvg(pictures.held);
    const light = await portrait(page, svg, 'light');
    const dark = await portrait(page, svg, 'dark');
    expect(light.equals(dark)).toBe(false);
  });

  it.each(Object.keys(fonts) as FontName[])(
    'no character is wider than its measure: %s',
    async (name) => {
      const { size, face } = fonts[name];
      const family = face === 'mono' ? families.code : families.text;
      const font = `${face === 'regular' ? 400 : 600} ${size}px ${family}`;
      const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
      characters.push(...Array.from('éßµÆŒ×≥→∞…—ЩЖж日本🚀✋'));
      const widths = await page.evaluate(
        ([style, signs]) => {
          const context = document.createElement('canvas').getContext('2d');
          if (!context) throw new Error('No canvas');
          context.font = style;
          return signs.map((sign) => context.measureText(sign).width);
        },
        [font, characters] as const,
      );
      const wider = characters.filter(
        (sign, index) => (widths[index] ?? 0) > textWidth(sign, name) + 0.05,
      );
      expect(wider).toEqual([]);
    },
  );
});
