import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Stryker runs tests in threads, which take no flags.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc') as typeof gc;
