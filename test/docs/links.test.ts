import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folders = [
  '.',
  'docs',
  'bench',
  ...readdirSync('examples').map((name) => `examples/${name}`),
];
const pages = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

/** What is prose: no fenced code, and no code within a line. */
const prose = (path: string) =>
  readFileSync(path, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

const linksOf = (path: string) =>
  [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

/** Why a link leads nowhere; `undefined` if it leads somewhere. */
function broken(page: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : join(dirname(page), file);
  if (!existsSync(target)) return `${link}: no such file`;
  if (anchor !== undefined && !anchorsOf(target).includes(anchor))
    return `${link}: no such heading`;
  return undefined;
}

describe.each(pages)('%s', (page) => {
  it('has no link that leads nowhere', () => {
    expect(linksOf(page).flatMap((link) => broken(page, link) ?? [])).toEqual([]);
  });
});

it('a link that leads nowhere would be seen', () => {
  expect(linksOf('docs/go.md').length).toBeGreaterThan(40);
  expect(broken('docs/go.md', '#no-such-heading')).toBe('#no-such-heading: no such heading');
  expect(broken('docs/go.md', 'context.md#none')).toBe('context.md#none: no such heading');
  expect(broken('docs/go.md', 'none.md')).toBe('none.md: no such file');
  expect(anchorsOf('docs/go.md')).toContain('chan-struct');
});
