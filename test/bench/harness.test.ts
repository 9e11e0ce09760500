import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jobOf, selectSections } from '../../bench/harness/job.js';
import { figureOf, playRounds, rowsOf } from '../../bench/harness/rounds.js';
import { tableOf } from '../../bench/harness/table.js';
import { timed } from '../../bench/harness/timed.js';
import { areEqual, type Contender, type Sample, type Section } from '../../bench/harness/types.js';
import { judge, spreadOf } from '../../bench/harness/verdict.js';
import { batch } from '../../bench/sections/batch.js';
import { sections } from '../../bench/sections/index.js';

/** Enough for the 1,000th task, on which the retention sections look. */
const few = 2_000;

/** What a contender may lack. */
const noGo = 'Go is not installed (Debian: apt-get install golang-go)';
const noChromium = 'Chromium is not installed (Debian: apt-get install chromium)';

/** Sections may share the samples of a contender. */
const taken = new Map<Contender, Promise<Sample>>();
function sampleOf(section: Section, contender: Contender): Promise<Sample> {
  const known = taken.get(contender) ?? contender.sample(jobOf(section, contender, few));
  taken.set(contender, known);
  return known;
}

describe.each(sections)('bench section $id', (section) => {
  it.each(section.contenders)(
    '$name gives the right result, or says what it lacks',
    async (contender) => {
      const lacks = await contender.prepare?.();
      if (lacks !== undefined) {
        expect(lacks).toBe(contender.side === 'go' ? noGo : noChromium);
        if (contender.side !== 'go') expect(section.id).toMatch(/^page-/);
        return;
      }
      const figure = figureOf(section, await sampleOf(section, contender));
      expect(figure).toBeTypeOf('number');
      expect(figure).not.toBeNaN();
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

  it('judges each of ours: beside a peer, within so many times a limit, or within a bound', () => {
    for (const { name, side } of section.contenders) {
      if (side !== 'ours') continue;
      const judged = section.goals.filter(
        ({ contender, limit }) => contender === name && limit !== undefined,
      );
      expect(judged, name).not.toEqual([]);
    }
  });

  it('judges the time of ours beside each peer that does the same kind of work', () => {
    if (!/^(ns|ms)\b/.test(section.unit)) return;
    for (const ours of section.contenders.filter(({ side }) => side === 'ours')) {
      const equals = section.contenders.filter(
        (other) => other.side === 'peer' && areEqual(ours, other),
      );
      for (const peer of equals) {
        const goal = section.goals.find(
          ({ contender, against, limit }) =>
            contender === ours.name && against === peer.name && limit !== undefined,
        );
        expect(goal, `${ours.name} beside ${peer.name}`).toBeDefined();
      }
    }
  });
});

it('sections that share samples ask for the same, and each shows another figure', () => {
  for (const section of sections) {
    const others = sections.filter(
      (other) => other !== section && other.contenders === section.contenders,
    );
    for (const other of others) {
      expect(other.shows).not.toBe(section.shows);
      expect([other.count, other.exact]).toEqual([section.count, section.exact]);
      expect(other.expected(few)).toBe(section.expected(few));
    }
  }
});

describe('what a section shows of a sample', () => {
  const shown = (section: Partial<Section>, sample: Sample) =>
    figureOf({ ...batch, ...section }, sample);

  it('is the figure, or the one of several that it names', () => {
    expect(shown({}, 7)).toBe(7);
    expect(shown({ shows: 'b' }, { a: 1, b: 2 })).toBe(2);
    const samples = [{ a: 1 }, { a: 3 }];
    expect(rowsOf({ ...batch, shows: 'a' }, [{ name: 'x', samples }])).toEqual([
      { name: 'x', figures: [1, 3] },
    ]);
  });

  it('has to be a figure', () => {
    expect(() => shown({}, Number.NaN)).toThrow('Expected a figure for batch');
    expect(() => shown({}, { a: 1 })).toThrow('Expected a figure for batch, got {"a":1}');
    expect(() => shown({ shows: 'b' }, { a: 1 })).toThrow('Expected a figure for batch');
  });
});

describe('what is not installed', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  it('is named by the contender of Go, and the package that has it', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    vi.resetModules();
    const { goProgram } = await import('../../bench/contenders/go.js');
    expect(await goProgram('Go', []).prepare?.()).toBe(noGo);
  });

  it('is named by the contenders in a page, and the package that has it', async () => {
    vi.stubEnv('CHROMIUM', '/nonexistent');
    vi.resetModules();
    const { inPage } = await import('../../bench/contenders/browser.js');
    expect(await inPage('ours', 'by frames', 'a frame at a time').prepare?.()).toBe(noChromium);
  });

  it('leaves a row without samples, and asks for none', async () => {
    const absent: Contender = {
      name: 'absent',
      side: 'go',
      prepare: () => Promise.resolve('it is not installed'),
      sample: () => Promise.reject(new Error('Nothing is measured here')),
    };
    const section = { ...batch, contenders: [absent], goals: [] };
    expect(await playRounds(section, { child: '/nonexistent', rounds: 5 })).toEqual([
      { name: 'absent', samples: [], skipped: 'it is not installed' },
    ]);
  });
});

describe('a timed contender', () => {
  const job = { count: 10, expected: 55, warmUpMs: 0, measureMs: 0 };

  it('rejects when a run gives another result than expected', async () => {
    const wrong = timed('wrong', () => () => 54);
    await expect(wrong.sample(job)).rejects.toThrow('Expected the checksum 55, got 54');
  });

  it('rejects when a later run goes wrong', async () => {
    let runs = 0;
    const decaying = timed('decaying', () => () => (runs++ < 3 ? 55 : 0));
    await expect(decaying.sample({ ...job, measureMs: 1_000 })).rejects.toThrow('got 0');
  });

  it('warms up before it measures', async () => {
    let runs = 0;
    const counting = timed('counting', () => () => {
      runs += 1;
      return 55;
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

  it('stands in the table, one line per goal; another number of values beside the name', () => {
    const section: Section = {
      id: 'x',
      title: 'Title',
      unit: 'ns per value',
      count: 1,
      expected: () => 0,
      contenders: [
        timed('ours', () => () => 0, { count: 100 }),
        timed('theirs', () => () => 0, { count: 100, scale: '100' }),
        timed('absent', () => () => 0, { count: 1 }),
      ],
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
      '                   median  spread                        ratio  spread       of         goal',
      'ours (100 values)    12.0  10.0 – 40.0                    0.50  0.50 – 0.60  theirs   ≤ 0.40  MISSED',
      '                                                             –               absent   < 1.00  not compared',
      '                                                                                     ≤ 1,016  met',
      'theirs               20.0  20.0 – 80.0                    2.00  1.67 – 2.00  ours',
      'absent                  –  skipped: it is not installed',
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
      'channel-at-scale',
    ]);
    expect(selectSections(sections, [])).toBe(sections);
  });

  it('names the sections when there is none of that name', () => {
    expect(() => selectSections(sections, ['chanel'])).toThrow(/least, pass-through, .*got chanel/);
  });
});

describe('npm run bench', () => {
  const bench = (args: readonly string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args]);

  it('builds, samples each contender once per round and writes the figures and the page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const file = join(folder, 'figures.json');
    try {
      const { stdout } = await bench([
        ...['--only', 'batch', '--count', '1000', '--rounds', '2', '--json', file],
        ...['--write', folder],
      ]);
      expect(stdout).toMatch(/^\d+ goals: /m);
      const { sections: measured, surroundings } = JSON.parse(await readFile(file, 'utf8')) as {
        sections: { id: string; rows: { name: string; figures: number[] }[] }[];
        surroundings: { command: string };
      };
      expect(surroundings.command).toBe(
        `npm run bench -- --only batch --rounds 2 --count 1000 --write ${folder}`,
      );
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

  it('writes no page into the docs that leaves sections out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const file = join(folder, 'figures.json');
    // Written before the page is, and cannot be: whatever goes wrong, the docs stay as they are.
    const write = ['--write', '--json', join(folder, 'missing', 'figures.json')];
    const refused = 'Expected every section with `write` into docs, got ';
    try {
      await writeFile(file, JSON.stringify({ sections: [] }));
      await expect(bench(['--from', file, ...write])).rejects.toThrow(
        `${refused}0 of ${sections.length}`,
      );
      const one = ['--only', 'batch', '--count', '1000', '--rounds', '1'];
      await expect(bench([...one, ...write])).rejects.toThrow(`${refused}1 of ${sections.length}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
