import { Channel, broadcastChannel, distribute, merge, pipeTo } from 'rxjs-sluice';
import type { Subject } from './trial.js';

const one = { sources: 1, outputs: 1 };

/** Pipelines with one thing wrong with each. */
export const planted: readonly Subject[] = [
  {
    title: 'loses the value in hand when it is aborted',
    ...one,
    build: ([source], { capacity, onDrop, signal }) => {
      const to = new Channel<number>(capacity, { onDrop });
      const copy = async () => {
        for (;;) {
          const result = await source!.receive({ signal });
          if (result.done) return;
          await to.send(result.value, { signal });
        }
      };
      copy().then(
        () => to.close(),
        (error: unknown) => to.close(error),
      );
      return [to];
    },
  },
  {
    title: 'takes a value that it has no room for, and forgets it when the output is cancelled',
    ...one,
    build: ([source], { capacity, signal }) => {
      const to = new Channel<number>(capacity); // no onDrop
      pipeTo(source!, to, { signal }).catch(() => {});
      return [to];
    },
  },
  {
    title: 'leaves its output open when an input fails',
    ...one,
    build: ([source], { capacity, onDrop, ...options }) => {
      const to = new Channel<number>(capacity, { onDrop });
      pipeTo(source!, to, { ...options, close: false }).then(
        () => to.close(),
        () => {},
      );
      return [to];
    },
  },
  {
    title: 'does not hear of an abort',
    ...one,
    sources: 2,
    build: (sources, given) => [merge(sources, { ...given, signal: undefined })],
  },
  {
    title: 'holds more than its capacity',
    ...one,
    build: (sources, given) => [merge(sources, { ...given, capacity: given.capacity + 1 })],
  },
  {
    title: 'gives a value to one output that is for all',
    sources: 1,
    outputs: 2,
    copies: true,
    build: ([source], given, n) => distribute(source!, n, given),
  },
  {
    title: 'gives a value to all outputs that is for one',
    sources: 1,
    outputs: 2,
    build: ([source], given, n) => broadcastChannel(source!, n, given),
  },
  {
    title: 'passes on the newest first',
    ...one,
    build: ([source], given) => {
      const to = new Channel<number>(given.capacity, given);
      const held: number[] = [];
      const move = (): void => {
        while (to.available > 0 && held.length > 0) to.trySend(held.pop()!);
        if (held.length > 0) to.onAvailable(move);
      };
      const take = (): void => {
        source!.receiveWith(
          (result) => {
            if (result.done === true) {
              to.close();
              return;
            }
            held.push(result.value);
            if (held.length > 1) move();
            take();
          },
          (error) => to.close(error),
        );
      };
      take();
      return [to];
    },
  },
];
