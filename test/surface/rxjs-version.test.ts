import type * as Rx from 'rxjs';
import { Observable } from 'rxjs';
import type * as RxTesting from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import { pullFrom } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

// Each run of this file is told by the environment which installed rxjs it is to see; were an alias
// to miss, the whole matrix would run against one version and still be green.
const name = process.env['RXJS'] ?? 'rxjs';
const versions: Readonly<Record<string, string>> = {
  'rxjs-7.5.5': '7.5.5',
  rxjs: '7.8.2',
  'rxjs-8': '8.0.0-alpha.14',
};

const load = async <T>(specifier: string) => (await import(/* @vite-ignore */ specifier)) as T;

it(`tests and library use the ${name} that this run is about`, async () => {
  const meant = await load<typeof Rx>(name);
  expect(Observable).toBe(meant.Observable);
  expect(pullFrom([1])).toBeInstanceOf(meant.Observable);
});

it(`rxjs/testing is that of ${name}`, async () => {
  const meant = await load<typeof RxTesting>(`${name}/testing`);
  expect(TestScheduler).toBe(meant.TestScheduler);
});

it(`${name} is version ${versions[name] ?? 'unknown'}`, async () => {
  const { default: manifest } = await load<{ default: { version: string } }>(
    `${name}/package.json`,
  );
  expect(manifest.version).toBe(versions[name]);
});
