/**
 * Runs the checks of the groups named on the command line, lets them print as they go, and ends with
 * one line of counts: each test counts as itself, each other check as one.
 *
 *     tsx scripts/check.ts npm          what needs nothing but npm packages
 *     tsx scripts/check.ts npm system   and what needs programs of the operating system
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { none, readReport, reportTo, type Counts } from './vitest-report.js';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Where the command leaves a JSON report of the tests that it ran. */
  readonly report?: string;
}

const reports = '.cache/check';

const script = (name: string): Check => ({ name, command: ['npm', 'run', '--silent', name] });

function tests(name: string, config: string): Check {
  const report = `${reports}/${name}.json`;
  return { name, command: ['vitest', 'run', '--config', config, ...reportTo(report)], report };
}

const build = script('build');

const groups: Readonly<Record<string, readonly Check[]>> = {
  npm: [
    script('lint'),
    script('typecheck'),
    tests('unit', 'vitest.config.ts'),
    build,
    tests('package', 'test/package/vitest.config.ts'),
  ],
  system: [build, tests('system', 'test/system/vitest.config.ts')],
};

function run({ name, command, report }: Check): Counts {
  console.log(`\n── ${name}: ${command.join(' ')}`);
  const [program = '', ...args] = command;
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(error.message);
  const ok = status === 0;
  const counts = report === undefined ? none : readReport(report);
  if (report === undefined) return { ...counts, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  // A run can fail beside its tests: a file that does not load, an error that nobody handled.
  return ok ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

const plus = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

function checksOf(names: readonly string[]): readonly Check[] {
  const chosen = names.map((name) => {
    const group = groups[name];
    if (group === undefined) {
      throw new Error(`Expected a group of ${Object.keys(groups).join(', ')}, got ${name}`);
    }
    return group;
  });
  return [...new Set(chosen.flat())];
}

const checks = checksOf(process.argv.slice(2));
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const summary: string[] = [];
let total = none;
for (const check of checks) {
  const started = performance.now();
  const counts = run(check);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = counts.failed === 0 ? 'ok    ' : 'FAILED';
  summary.push(
    `${verdict} ${check.name.padEnd(10)} ${String(counts.passed).padStart(6)} ${seconds.padStart(7)} s`,
  );
  total = plus(total, counts);
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
