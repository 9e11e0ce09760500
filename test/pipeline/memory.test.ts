import {
  Channel,
  broadcastChannel,
  distribute,
  merge,
  pipeTo,
  type ReceiveChannel,
} from 'rxjs-sluice';
import { expect, it } from 'vitest';
import { later } from '../support/later.js';

/** Runs a pipeline from `source` to its end, and returns what must not outlive it. */
type Ended = (source: Channel<object>, signal: AbortSignal) => readonly object[];

const cancelAll = (outputs: readonly ReceiveChannel<object>[]) => {
  for (const output of outputs) output.cancel();
  return outputs;
};

const pipelines: Readonly<Record<string, Ended>> = {
  pipeTo: (source, signal) => {
    const target = new Channel<object>();
    pipeTo(source, target, { signal }).catch(() => {});
    return cancelAll([target]);
  },
  merge: (source, signal) => {
    const other = new Channel<object>();
    return [other, ...cancelAll([merge([source, other], { signal })])];
  },
  distribute: (source, signal) => cancelAll(distribute(source, 2, { signal })),
  broadcastChannel: (source, signal) => cancelAll(broadcastChannel(source, 2, { signal })),
};

it.each(Object.entries(pipelines))(
  '%s leaves nothing behind at an input or a signal that goes on',
  async (_, run) => {
    const source = new Channel<object>(1);
    const { signal } = new AbortController();
    const refs = run(source, signal).map((kept) => new WeakRef(kept));
    expect(refs.length).toBeGreaterThan(0);
    await later();
    globalThis.gc!();
    expect(refs.map((ref) => ref.deref())).toEqual(refs.map(() => undefined));
    expect([source.closed, source.available, signal.aborted]).toEqual([false, 1, false]);
  },
);

it('a merged channel lets go of an input that is at its end', async () => {
  const lasting = new Channel<object>();
  const merged = merge(...endedWith(lasting));
  const ref = refs.pop()!;
  await later();
  globalThis.gc!();
  expect([ref.deref(), merged.closed]).toEqual([undefined, false]);
});

const refs: WeakRef<object>[] = [];

/** Inputs of which all but `lasting` are at their end. */
function endedWith(lasting: Channel<object>): Channel<object>[] {
  const ended = new Channel<object>();
  ended.close();
  refs.push(new WeakRef(ended));
  return [ended, lasting];
}
