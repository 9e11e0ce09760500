import { defineConfig } from 'vitest/config';

const { DATABASE_URL, PGUSER, PGPASSWORD, PGHOST, PGPORT, PGDATABASE } = process.env;

// What needs programs of the operating system: Go, Chromium, PostgreSQL.
export default defineConfig({
  test: {
    name: 'system',
    include: ['test/system/**/*.test.ts'],
    env: {
      // pg_virtualenv tells in parts what the library `pg` and the example take as one.
      DATABASE_URL:
        DATABASE_URL ?? `postgres://${PGUSER}:${PGPASSWORD}@${PGHOST}:${PGPORT}/${PGDATABASE}`,
    },
    // Programs are compiled, servers started, pages opened.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
