import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { installedRxjs } from './test/support/installed-rxjs.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The package's own names lead to its sources, so that examples and snippets run as users write them. */
const ownSources = [
  { find: /^rxjs-sluice$/, replacement: path('src/index.ts') },
  { find: /^rxjs-sluice\/operators$/, replacement: path('operators/index.ts') },
  { find: /^rxjs-sluice\/marbles$/, replacement: path('marbles/index.ts') },
];

/** Run against the current rxjs alone. */
const all = ['**/*.test.ts', 'marbles/specs/**/*.marbles.ts'];

/** What meets rxjs where it is not public, or where its versions may differ: run against each. */
const matrix = [
  'test/faults/{inputs,misdeeds,operator-callbacks}.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/interop/**/*.test.ts',
  'test/laws/**/*.test.ts',
  'test/link/**/*.test.ts',
  'test/marbles/flow.test.ts',
  'test/surface/rxjs-version.test.ts',
  'marbles/specs/**/*.marbles.ts',
];

function project(rxjs: string, include: string[]): TestProjectInlineConfiguration {
  return {
    extends: true,
    resolve: { alias: [...ownSources, { find: /^rxjs(?=$|\/)/, replacement: rxjs }] },
    test: {
      name: rxjs,
      include,
      exclude: ['node_modules/**', '.cache/**', 'test/package/**', 'test/system/**'],
      env: { RXJS: rxjs },
    },
  };
}

function typeProject(rxjs: string): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: `types, ${rxjs}`,
      include: [],
      typecheck: {
        enabled: true,
        only: true,
        include: ['test/types/*.test-d.ts'],
        tsconfig: `test/types/tsconfig.${rxjs}.json`,
      },
    },
  };
}

export default defineConfig({
  test: {
    // Some tests count what the collector leaves.
    execArgv: ['--expose-gc'],
    projects: [
      ...installedRxjs.map((rxjs) => project(rxjs, rxjs === 'rxjs' ? all : matrix)),
      ...installedRxjs.map(typeProject),
    ],
  },
});
