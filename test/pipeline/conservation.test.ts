import fc from 'fast-check';
import { Channel, broadcastChannel, distribute, merge, pipeTo } from 'rxjs-sluice';
import { describe, it } from 'vitest';
import { lawful, type Subject } from './trial.js';

/**
 * Whatever is done at its ends, and whenever: each value comes out once (at each output), or is dropped, or
 * handed back, or left; in order; with at most one in hand of each input; and nothing stays behind.
 */
const subjects: readonly Subject[] = [
  {
    title: 'pipeTo',
    sources: 1,
    outputs: 1,
    shared: true,
    build: ([source], { capacity, onDrop, ...options }) => {
      const target = new Channel<number>(capacity, { onDrop });
      pipeTo(source!, target, options).catch(() => {});
      return [target];
    },
  },
  {
    title: 'merge of 3',
    sources: 3,
    outputs: 1,
    build: (sources, given) => [merge(sources, given)],
  },
  {
    title: 'distribute to 3',
    sources: 1,
    outputs: 3,
    build: ([source], given, n) => distribute(source!, n, given),
  },
  {
    title: 'broadcastChannel to 3',
    sources: 1,
    outputs: 3,
    copies: true,
    build: ([source], given, n) => broadcastChannel(source!, n, given),
  },
  {
    title: 'a chain of all',
    sources: 4,
    outputs: 2,
    staged: true,
    build: (sources, { capacity, onDrop, ...options }, n) => {
      const jobs = new Channel<number>(capacity, { onDrop });
      const merged = merge([merge(sources.slice(0, 2), { onDrop }), ...sources.slice(2)], {
        ...options,
        cancel: true,
        onDrop,
      });
      pipeTo(merged, jobs, { cancel: true }).catch(() => {});
      return distribute(jobs, n, { capacity, onDrop, cancel: true });
    },
  },
];

describe('nothing is lost, doubled or left behind, in', () => {
  it.each(subjects)('$title', async (subject) => {
    await fc.assert(lawful(subject), { numRuns: 1000 });
  });
});
