/**
 * Prints how many bytes of heap stay per scope, of many that began within one long-lived signal, were
 * listened to and waited in, and ended.
 *
 *     node --expose-gc --import tsx retention.ts CancelScope
 */
import { Channel } from '../../../src/channel/channel.js';
import { CancelScope } from '../../../src/sync/cancel-scope.js';

const COUNT = 20_000;

interface Scope {
  readonly signal: AbortSignal;
  readonly cancel: () => void;
}

const kinds: Readonly<Record<string, (signal: AbortSignal) => Scope>> = {
  CancelScope: (signal) => new CancelScope({ signal, timeout: 60_000 }),
  'AbortSignal.any'(signal) {
    const own = new AbortController();
    return { signal: AbortSignal.any([signal, own.signal]), cancel: () => own.abort() };
  },
  forgetful(signal) {
    const own = new AbortController();
    signal.addEventListener('abort', () => own.abort(signal.reason));
    return { signal: own.signal, cancel: () => own.abort() };
  },
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function heap(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await turn();
  }
  return process.memoryUsage().heapUsed;
}

const around = new AbortController();
const channel = new Channel<never>();
const begin = kinds[process.argv[2] ?? ''];
if (begin === undefined) throw new Error(`Expected one of ${Object.keys(kinds).join(', ')}`);

async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const scope = begin!(around.signal);
    scope.signal.addEventListener('abort', () => {}); // its user's, who leaves it at that
    const waits = channel.receive(scope).catch(() => {});
    scope.cancel();
    await waits;
    if (i % 100 === 0) await turn();
  }
}

await rounds(1000);
const before = await heap();
await rounds(COUNT);
console.log(Math.round(((await heap()) - before) / COUNT));
around.abort();
