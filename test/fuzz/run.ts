import { config } from 'rxjs';
import { OUTSIDE, type Bench } from './bench.js';
import { Consuming, ticksOf } from './consumer.js';
import { assembled, type Kit } from './kit.js';
import type { Pipe } from './pipe.js';
import { virtualPromise } from './virtual-promise.js';

/** For so many frames after its end a pipe is seen to be silent. */
const SILENCE = 6;

/** Runs a pipe to its end, or until its consumer leaves. What is seen of it is in `bench`. */
export function run(pipe: Pipe, kit: Kit, bench: Bench): void {
  const { consumer, links } = pipe;
  const level = links.length + 1;
  const consuming = new Consuming(consumer, bench);
  const output = assembled(pipe, kit, bench, ticksOf(consumer, bench, level));
  bench.timeOf(`${OUTSIDE}consumer`, level).schedule(() => consuming.leave(), consumer.leavesAt);
  consuming.subscribe(output);
  bench.time.settle();
  let frames = SILENCE;
  while (frames > 0) {
    bench.time.pass();
    bench.rest();
    if (!consuming.over) continue;
    bench.ended('after the end');
    frames--;
  }
}

/**
 * Does `act` with the host's timers and promises taken away: what is set on its timers is a fault, but for
 * what RxJS and this library do there to tell the host of an error; which is heard afterwards, and
 * returned. Promises are virtual, and a fault in a pipe that has none by nature (law 6).
 */
export function onlyVirtually(bench: Bench, act: () => void): unknown[] {
  const { setTimeout, setInterval, setImmediate, queueMicrotask, Promise } = globalThis;
  const told: (() => void)[] = [];
  const forbidden = (name: string) => () => bench.fault(`${name} was called`);
  Object.assign(globalThis, {
    setTimeout: (tell: () => void) => told.push(tell),
    setInterval: (tell: () => void) => told.push(tell),
    // Where much was pulled in vain, the event loop gets a turn.
    setImmediate: (task: () => void) => bench.time.soon(task),
    queueMicrotask: forbidden('queueMicrotask'),
  });
  const heard: unknown[] = [];
  globalThis.Promise = virtualPromise(
    bench.time,
    () => {
      if (!bench.hasPromises) bench.fault('a promise was made');
    },
    (error) => heard.push(error),
  ) as unknown as PromiseConstructor;
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => heard.push(error);
  try {
    act();
    for (const tell of told) tell();
    bench.time.settle();
  } finally {
    config.onUnhandledError = onUnhandledError;
    Object.assign(globalThis, { setTimeout, setInterval, setImmediate, queueMicrotask, Promise });
  }
  return heard;
}
