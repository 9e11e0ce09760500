import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';

/** The tests that `npm run mutate` names. */
const tests = process.env['MUTATION_TESTS']?.split(',') ?? [];

class AsNamed extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      tests.findIndex((test) => moduleId.endsWith(`/${test}`));
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

/** The first project of the repository's own, with other tests. */
const [first] = root.test?.projects ?? [];
const project = first as { resolve: object; test: { env: Record<string, string> } };

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  resolve: project.resolve,
  test: {
    setupFiles: ['scripts/mutation/setup.ts'],
    include: tests,
    env: project.test.env,
    isolate: false,
    sequence: { sequencer: AsNamed },
    testTimeout: 5000, // a wait that never ends is noticed so; on a busy machine, slowness would be
  },
});
