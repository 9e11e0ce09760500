import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

// Stryker runs tests in threads, which take no flags.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc') as typeof gc;

/** A property that holds for so many milliseconds counts as one that holds. */
const LONG_ENOUGH = 150;

/**
 * Looks at the time between runs alone. A limit of fast-check's own fails where a busy machine has no time for
 * the first run, and passes over a run that hangs.
 */
const endSoon: Parameters<typeof fc.installGlobalPlugin>[0] = () => {
  let end: number | undefined;
  return {
    decorateRun: (run) => (value) => {
      const now = performance.now();
      end ??= now + LONG_ENOUGH;
      return now > end ? new fc.PreconditionFailure(true) : run(value);
    },
  };
};

// Each test file comes through here, and they share one fast-check.
const shared = globalThis as { endsSoon?: boolean };
if (shared.endsSoon !== true) fc.installGlobalPlugin(endSoon);
shared.endsSoon = true;
