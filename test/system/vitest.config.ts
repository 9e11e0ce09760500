import { defineConfig } from 'vitest/config';

// What needs programs of the operating system: Go, Chromium, PostgreSQL.
export default defineConfig({
  test: {
    name: 'system',
    include: ['test/system/**/*.test.ts'],
    // Programs are compiled, servers started, pages opened.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
