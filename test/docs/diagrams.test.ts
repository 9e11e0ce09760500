import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { pages } from './markdown.js';

const shown = pages.flatMap(([page, text]) =>
  [...text.matchAll(/<(?:img|source)\b[^>]*?(?:src|srcset)="([^"]*)"[^>]*>/g)].map(
    ([tag, path = '']) => ({ page, tag, path: join(dirname(page), path) }),
  ),
);

it('every picture on a page exists, and has words for those who do not see it', () => {
  expect(shown.filter(({ path }) => !existsSync(path))).toEqual([]);
  const images = shown.filter(({ tag }) => tag.startsWith('<img'));
  expect(images.filter(({ tag }) => !/alt="[^"]{20,}"/.test(tag))).toEqual([]);
});

it('every diagram that the specs draw is shown', () => {
  const drawn = readdirSync('docs/diagrams').map((file) => `docs/diagrams/${file}`);
  expect(drawn.length).toBeGreaterThan(10);
  expect(drawn.filter((path) => !shown.some((picture) => picture.path === path))).toEqual([]);
});

it('no diagram is left behind that no spec draws', () => {
  const specs = readdirSync('marbles/specs').filter((file) => file.endsWith('.marbles.ts'));
  const named = specs.flatMap((file) =>
    [...readFileSync(`marbles/specs/${file}`, 'utf8').matchAll(/file: '([\w-]+)'/g)].map(
      ([, name]) => `${name}.svg`,
    ),
  );
  expect(readdirSync('docs/diagrams').sort()).toEqual(named.sort());
});
