import { defineConfig } from 'vitest/config';

// What is published, as the last `npm run build` left it.
export default defineConfig({
  test: {
    name: 'package',
    include: ['test/package/*.test.ts'],
    globalSetup: 'test/package/pack.ts',
    // npm, tsc and the bundlers run as processes here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
