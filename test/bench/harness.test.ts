import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { jobOf, selectSections } from '../../bench/harness/job.js';
import { tableOf } from '../../bench/harness/table.js';
import { timed } from '../../bench/harness/timed.js';
import { areEqual, type Section } from '../../bench/harness/types.js';
import { judge, spreadOf } from '../../bench/harness/verdict.js';
import { batch } from '../../bench/sections/batch.js';
import { sections } from '../../bench/sections/index.js';

/** Enough for the 1,000th task, on which the retention sections look. */
const few = 2_000;

describe.each(sections)('bench section $id', (section) => {
  it.each(section.contenders)(
    '$name gives the right result, or says what it lacks',
    async (contender) => {
      const lacks = await contender.prepare?.();
      if (lacks === undefined) {
        const figure = await contender.sample(jobOf(section, contender, few));
        expect(figure).toBeTypeOf('number');
        expect(figure).not.toBeNaN();
      } else {
        expect(lacks).toMatch(/not installed/);
      }
    },
    60_000,
  );

  it('sets its goals for contenders that it has', () => {
    const names = section.contenders.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { contender, against = contender, beyond = contender } of section.goals) {
      expect(names).toContain(contender);
      expect(names).toContain(against);
      expect(names).toContain(beyond);
    }
  });

  it('judges ours beside each peer that does the same kind of work', () => {
    if (section.noWinner || section.exact) return;
    for (const ours of section.contenders.filter(({ side }) => side === 'ours')) {
      const equals = section.contenders.filter(
        (other) => other.side === 'peer' && areEqual(ours, other),
      );
      for (const peer of equals) {
        const goal = section.goals.find(
          ({ contender, against }) => contender === ours.name && against === peer.name,
        );
        expect(goal, `${ours.name} beside ${peer.name}`).toBeDefined();
      }
    }
  });
});

describe('a timed contender', () => {
  const job = { count: 10, expected: 45, warmUpMs: 0, measureMs: 0 };

  it('rejects when a run gives another result than expected', async () => {
    const wrong = timed('wrong', () => () => 44);
    await expect(wrong.sample(job)).rejects.toThrow('Expected the checksum 45, got 44');
  });

  it('rejects when a later run goes wrong', async () => {
    let runs = 0;
    const decaying = timed('decaying', () => () => (runs++ < 3 ? 45 : 0));
    await expect(decaying.sample({ ...job, measureMs: 1_000 })).rejects.toThrow('got 0');
  });

  it('warms up before it measures', async () => {
    let runs = 0;
    const counting = timed('counting', () => () => {
      runs += 1;
      return 45;
    });
    await counting.sample(job);
    expect(runs).toBe(1);
    await counting.sample({ ...job, warmUpMs: Number.MIN_VALUE });
    expect(runs).toBeGreaterThan(2);
  });
});

describe('a verdict', () => {
  const rows = [
    { name: 'ours', figures: [10, 40, 12] },
    { name: 'theirs', figures: [20, 80, 20] },
    { name: 'absent', figures: [], skipped: 'it is not installed' },
  ];

  it('takes the median of an odd and of an even number of figures', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
    expect(() => spreadOf([])).toThrow(RangeError);
  });

  it('compares within each round, so that a slow round does not count', () => {
    const { reached, met } = judge({ contender: 'ours', against: 'theirs', limit: 0.5 }, rows);
    expect(reached).toEqual({ median: 0.5, least: 0.5, most: 0.6 });
    expect(met).toBe(true);
  });

  it('tells "at most" from "below"', () => {
    const goal = { contender: 'ours', against: 'theirs', limit: 0.5 };
    expect(judge({ ...goal, strictly: true }, rows).met).toBe(false);
  });

  it('judges a figure by itself where there is nothing to compare it with', () => {
    expect(judge({ contender: 'ours', limit: 11 }, rows).met).toBe(false);
    expect(judge({ contender: 'ours', limit: 12 }, rows).met).toBe(true);
  });

  it('is only shown where there is no limit', () => {
    const goal = { contender: 'ours', against: 'theirs' };
    expect(judge(goal, rows)).toEqual({ goal, reached: { median: 0.5, least: 0.5, most: 0.6 } });
  });

  it('can be about how much a figure exceeds another', () => {
    const goal = { contender: 'theirs', beyond: 'ours', limit: 10 };
    expect(judge(goal, rows)).toEqual({
      goal,
      reached: { median: 10, least: 8, most: 40 },
      met: true,
    });
  });

  it('is open where a contender was skipped', () => {
    const goal = { contender: 'ours', against: 'absent', limit: 1 };
    expect(judge(goal, rows)).toEqual({ goal });
  });

  it('stands in the table, one line per goal', () => {
    const section: Section = {
      id: 'x',
      title: 'Title',
      unit: 'ns per value',
      count: 1,
      expected: () => 0,
      contenders: [],
      goals: [
        { contender: 'ours', against: 'theirs', limit: 0.4 },
        { contender: 'ours', against: 'absent', limit: 1, strictly: true },
        { contender: 'ours', limit: 1016 },
        { contender: 'theirs', against: 'ours' },
      ],
    };
    const verdicts = section.goals.map((goal) => judge(goal, rows));
    expect(tableOf(section, rows, verdicts).split('\n')).toEqual([
      'Title (ns per value)',
      '        median  spread                        ratio  spread       of         goal',
      'ours      12.0  10.0 – 40.0                    0.50  0.50 – 0.60  theirs   ≤ 0.40  MISSED',
      '                                                  –               absent   < 1.00  not compared',
      '                                                                          ≤ 1,016  met',
      'theirs    20.0  20.0 – 80.0                    2.00  1.67 – 2.00  ours',
      'absent       –  skipped: it is not installed',
    ]);
  });
});

describe('the choice of sections', () => {
  it('goes by the beginning of the id', () => {
    expect(selectSections(sections, ['channel', 'batch']).map(({ id }) => id)).toEqual([
      'batch',
      'channel-0',
      'channel-1',
      'channel-64',
      'channel-1024',
    ]);
    expect(selectSections(sections, [])).toBe(sections);
  });

  it('names the sections when there is none of that name', () => {
    expect(() => selectSections(sections, ['chanel'])).toThrow(/pass-through, .*got chanel/);
  });
});

describe('npm run bench', () => {
  it('builds, samples each contender once per round and writes the figures and the page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const file = join(folder, 'figures.json');
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...['--import', 'tsx', 'bench/main.ts'],
        ...['--only', 'batch', '--count', '1000', '--rounds', '2', '--json', file],
        ...['--write', folder],
      ]);
      expect(stdout).toMatch(/^\d+ goals: /m);
      const { sections: measured } = JSON.parse(await readFile(file, 'utf8')) as {
        sections: { id: string; rows: { name: string; figures: number[] }[] }[];
      };
      expect(
        measured.map(({ id, rows }) => [id, rows.map(({ figures }) => figures.length)]),
      ).toEqual([['batch', batch.contenders.map(() => 2)]]);
      const page = await readFile(join(folder, 'benchmarks.md'), 'utf8');
      expect(page).toContain('the figures mean nothing');
      expect(await readFile(join(folder, 'benchmarks', 'batch.svg'), 'utf8')).toContain(
        batch.title,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
