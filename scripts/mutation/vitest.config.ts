import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';

/** The first project of the repository's own, with the tests that `npm run mutate` names. */
const [first] = root.test?.projects ?? [];
const project = first as { resolve: object; test: { env: Record<string, string> } };

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  resolve: project.resolve,
  test: {
    setupFiles: ['scripts/mutation/gc.ts'],
    include: process.env['MUTATION_TESTS']?.split(',') ?? [],
    env: project.test.env,
    testTimeout: 60_000,
  },
});
