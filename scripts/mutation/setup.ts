import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

// Stryker runs tests in threads, which take no flags.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc') as typeof gc;

// A property that holds for so many milliseconds counts as one that holds.
// eslint-disable-next-line @typescript-eslint/no-deprecated -- what replaces it is no global setting
fc.configureGlobal({ interruptAfterTimeLimit: 150 });
