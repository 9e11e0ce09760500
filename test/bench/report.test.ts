import { describe, expect, it } from 'vitest';
import { resultOf, resultsOf, type Figures, type Result } from '../../bench/report/result.js';
import { chartOf, sceneOf } from '../../bench/report/chart.js';
import { limitLines } from '../../bench/report/limits.js';
import { pageOf } from '../../bench/report/page.js';
import { winsIn } from '../../bench/report/wins.js';
import { withLimits } from '../../bench/report/write.js';
import { goalsOf } from '../../bench/harness/goals.js';
import type { Row } from '../../bench/harness/rounds.js';
import { limit, ours, peer } from '../../bench/harness/timed.js';
import type { Section } from '../../bench/harness/types.js';
import { sections } from '../../bench/sections/index.js';
import type { Box, Scene } from '../../marbles/specs/svg/shapes.js';
import { elementsOf, readXml, textOf } from '../marbles/xml.js';

const never = (): never => {
  throw new Error('Nothing is measured here');
};

const contenders = [
  limit('bare', 'calls', never),
  ours('quick', 'calls', never),
  ours('awaiting', 'promises', never),
  ours('many, awaiting', 'promises', never, { scale: 'many' }),
  peer('slower | <peer>', 'calls', never),
  peer('faster peer', 'calls', never),
  peer('other', 'effects', never),
  peer('absent', 'promises', never),
];

const section: Section = {
  id: 'x',
  title: 'What it takes & <costs>',
  unit: 'ns per value',
  count: 1,
  expected: () => 0,
  contenders,
  goals: goalsOf(contenders, [{ contender: 'quick', beyond: 'bare', limit: 5 }]),
};

const rows: readonly Row[] = [
  { name: 'bare', figures: [2, 2, 2] },
  { name: 'quick', figures: [10, 12, 11] },
  { name: 'awaiting', figures: [100, 120, 110] },
  { name: 'many, awaiting', figures: [50, 60, 55] },
  { name: 'slower | <peer>', figures: [20_000, 24_000, 22_000] },
  { name: 'faster peer', figures: [5, 6, 5.5] },
  { name: 'other', figures: [1, 1, 1] },
  { name: 'absent', figures: [], skipped: 'it is not installed' },
];

const result: Result = resultOf(section, rows);

const figures: Figures = {
  surroundings: {
    command: 'npm run bench -- --write',
    date: '2026-01-02',
    minutes: 20.4,
    machine: 'a machine, 2 cores',
    load: [0.1, 1.2],
    versions: { node: '20.0.0', rxjs: '7.8.2' },
  },
  rounds: 3,
  sections: [{ id: 'x', rows }],
};

describe('the goals of a section', () => {
  it('ask to be ahead of every peer of the same kind, and near the limit where there is none', () => {
    const alone = [limit('bare', 'calls', never), ours('alone', 'calls', never)];
    expect(goalsOf(alone)).toEqual([{ contender: 'alone', against: 'bare', limit: 1.5 }]);
    expect(section.goals).toEqual([
      { contender: 'quick', beyond: 'bare', limit: 5 },
      { contender: 'quick', against: 'slower | <peer>', limit: 1, strictly: true },
      { contender: 'quick', against: 'faster peer', limit: 1, strictly: true },
      { contender: 'quick', against: 'bare' },
      { contender: 'awaiting', against: 'absent', limit: 1, strictly: true },
    ]);
  });

  it('give way to those which the section sets itself', () => {
    const own = { contender: 'quick', against: 'faster peer', limit: 0.5 };
    const about = goalsOf(contenders, [own]).filter(({ against }) => against === own.against);
    expect(about).toEqual([own]);
  });
});

describe('where a peer wins', () => {
  it('is told beside ours of its kind, else beside the best of its scale', () => {
    expect(
      winsIn(result).map(({ winner, ours: best, sameKind, by }) => [
        winner.name,
        best.name,
        sameKind,
        by,
      ]),
    ).toEqual([
      ['faster peer', 'quick', true, { part: 0.5 }],
      ['other', 'quick', false, { part: expect.closeTo(1 / 11) as number }],
    ]);
  });

  it('is told beside each of ours of its kind that it leads', () => {
    const several = {
      ...section,
      contenders: [ours('a', 'calls', never), ours('b', 'calls', never), ours('c', 'calls', never)],
    };
    several.contenders.push(peer('other', 'calls', never));
    const all = [
      { name: 'a', figures: [2] },
      { name: 'b', figures: [0.5] },
    ];
    const taken = [...all, { name: 'c', figures: [4] }, { name: 'other', figures: [1] }];
    expect(winsIn(resultOf({ ...several, goals: [] }, taken))).toMatchObject([
      { ours: { name: 'a' }, by: { part: 0.5 } },
      { ours: { name: 'c' }, by: { part: 0.25 } },
    ]);
  });

  it('is told by how far each is from the best, where less is not better', async () => {
    const paced = { ...section, best: { figure: 6, within: 1 } };
    const won = resultOf(paced, rows);
    expect(winsIn(won).map(({ winner, ours: best, by }) => [winner.name, best.name, by])).toEqual([
      ['faster peer', 'quick', { best: 6, winnerOff: 0.5, oursOff: 5 }],
    ]);
    expect(await pageOf(figures, [won])).toContain(
      '`faster peer` is 0.500 from 6.00, `quick` 5.00',
    );
    // Below the best is no better than above: `other`, at 1, is as far off as `quick` is at 11.
    const near = resultOf({ ...paced, best: { figure: 6, within: 5 } }, rows);
    expect(winsIn(near)).toEqual([]);
  });

  it('is not told of what is level', () => {
    const level = rows.map((row) =>
      row.name === 'faster peer' ? { ...row, figures: [9.96, 11.96, 10.96] } : row,
    );
    expect(winsIn(resultOf(section, level)).map(({ winner }) => winner.name)).toEqual(['other']);
  });
});

describe('the page', () => {
  it('has every figure, every goal, where it was measured, and says where a peer wins', async () => {
    const page = await pageOf(figures, [result]);
    expect(page).toContain('`npm run bench -- --write`');
    expect(page).toContain('a machine, 2 cores');
    expect(page).toContain('node 20.0.0, rxjs 7.8.2');
    expect(page).toContain('4 goals: **1 met, 2 missed, 1 not compared**.');
    expect(page).toContain('- [x](#x): `faster peer` takes 0.50 of what `quick` takes');
    expect(page).toContain('takes 0.091 of what `quick` takes (effects beside calls)');
    const line = (start: string) =>
      page
        .split('\n')
        .find((each) => each.startsWith(`| ${start}`))
        ?.split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
    expect(line('**`quick`**')?.slice(1, -1)).toEqual([
      ...['**`quick`**', 'calls', '11.0', '10.0 – 12.0'],
      ...['+9.00', '+8.00 – +10', '`bare`', '≤ +5.00', '**missed**'],
    ]);
    expect(line('`slower')?.[1]).toBe('`slower \\| <peer>`');
    expect(line('`absent`')?.slice(3, 5)).toEqual(['–', 'skipped: it is not installed']);
    expect(page).not.toContain('mean nothing');
  });

  it('marks who runs over fewer values', async () => {
    const some = contenders.map((each) =>
      each.name === 'other' ? { ...each, count: 20_000 } : each,
    );
    const fewer = { ...section, count: 1_000_000, contenders: some };
    const page = await pageOf(figures, [resultOf(fewer, rows)]);
    expect(page).toMatch(/^\| `other` \(20,000 values\) +\| effects/m);
    expect(page.match(/values\)/g)).toHaveLength(1);
  });

  it('says when its figures were only tried', async () => {
    expect(await pageOf({ ...figures, count: 7 }, [result])).toContain('with 7 values per run');
  });

  it('puts the limit beside each of ours, between the marks', () => {
    expect(limitLines([result])).toEqual([
      ['x', 'quick', '11.0', 'bare', '2.00', 'ns per value', '5.50'],
      ['x', 'awaiting', '110', 'bare', '2.00', 'ns per value', '55'],
      ['x', 'many, awaiting', '55.0', 'bare', '2.00', 'ns per value', '27.50'],
    ]);
    const marked = 'a\n<!-- limits: written by the benchmark -->\nold\n<!-- end of limits -->\nz\n';
    const once = withLimits(marked, [result]);
    expect(once).toMatch(/^a\n[^]*\[x\]\(benchmarks\.md#x\)[^]*\nz\n$/);
    expect(once).not.toContain('old');
    expect(withLimits(once, [result])).toBe(once);
    expect(() => withLimits('no marks', [result])).toThrow(/Expected the marks/);
  });
});

it('figures from a file are judged by the goals of today', () => {
  const kept = JSON.parse(JSON.stringify(figures)) as Figures;
  expect(resultsOf(kept, [section])).toEqual([result]);
  expect(resultsOf(kept, [{ ...section, id: 'new' }])).toEqual([]);
});

/** Texts that reach out of the picture, or over another. */
function faultsOf({ width, height, groups }: Scene): string[] {
  const texts = groups
    .flatMap(({ shapes }) => shapes)
    .flatMap((shape) => (shape.kind === 'text' ? [shape] : []));
  const right = (box: Box) => box.left + box.width;
  const bottom = (box: Box) => box.top + box.height;
  const overlap = (one: Box, other: Box) =>
    right(one) > other.left &&
    right(other) > one.left &&
    bottom(one) > other.top &&
    bottom(other) > one.top;
  return texts.flatMap(({ text, box }, index) => [
    ...(box.left < 0 || box.top < 0 || right(box) > width || bottom(box) > height
      ? [`${text} is outside`]
      : []),
    ...texts
      .slice(index + 1)
      .filter((other) => overlap(box, other.box))
      .map((other) => `${text} overlaps ${other.text}`),
  ]);
}

describe('a chart', () => {
  it('is well-formed, and tells its title and each median to who does not see it', () => {
    const svg = readXml(chartOf(result));
    expect(svg.attributes.get('role')).toBe('img');
    const [, title, desc] = elementsOf(svg);
    expect([title?.name, desc?.name]).toEqual(['title', 'desc']);
    expect(svg.attributes.get('aria-labelledby')).toBe(
      `${title!.attributes.get('id')!} ${desc!.attributes.get('id')!}`,
    );
    expect(textOf(title!)).toBe(section.title);
    expect(textOf(desc!)).toMatch(/slower \| <peer>: 22,000 ns per value\. faster peer: 5\.50/);
    expect(textOf(desc!)).not.toContain('absent');
    expect(chartOf(result)).toContain('@media (prefers-color-scheme: dark)');
  });

  it('has a bar for each contender, of a length by its median', () => {
    const widths = sceneOf(result)
      .groups.flatMap(({ shapes }) => shapes)
      .filter(({ kind, box }) => kind === 'rect' && box.height === 12)
      .map(({ box }) => box.width);
    const [bare, quick, awaiting] = widths as [number, number, number];
    expect(widths).toHaveLength(7);
    expect(quick / bare).toBeCloseTo(5.5);
    expect(awaiting / quick).toBeCloseTo(10);
  });

  it('cuts a bar that would leave no room for the others', () => {
    const shapes = sceneOf(result).groups.flatMap((group) => group.shapes);
    expect(shapes.filter(({ look }) => look === 'gap')).toHaveLength(1);
    const even = rows.map((row) => ({ ...row, figures: row.figures.map(() => 7) }));
    const evenShapes = sceneOf(resultOf(section, even)).groups.flatMap((group) => group.shapes);
    expect(evenShapes.filter(({ look }) => look === 'gap')).toHaveLength(0);
  });

  it.each(sections)('gives every text of $id its place, whatever is measured', (real) => {
    for (const size of [0.001, 123, 1_234_567]) {
      const measured = real.contenders.map(({ name }, index): Row => ({
        name,
        figures: [size, size * (index + 1), size * 3],
      }));
      expect(faultsOf(sceneOf(resultOf(real, measured)))).toEqual([]);
    }
  });

  it('is found out where a text has no place', () => {
    const long = 'a name that is much too long for any picture, and for a title besides '.repeat(3);
    const named = { ...section, contenders: [ours(long, 'calls', never)] };
    expect(
      faultsOf(sceneOf(resultOf({ ...named, goals: [] }, [{ name: long, figures: [1] }]))),
    ).toContain(`${long} is outside`);
  });
});
