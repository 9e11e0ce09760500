import { config } from 'rxjs';
import { OUTSIDE, type Bench } from './bench.js';
import { Consuming, ticksOf } from './consumer.js';
import { assembled, type Kit } from './kit.js';
import type { Pipe } from './pipe.js';

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
 * Does `act` with the host's timers taken away: what is set on them is a fault, but for what RxJS and this
 * library do there to tell the host of an error; which is heard afterwards, and returned.
 */
export function onlyVirtually(bench: Bench, act: () => void): unknown[] {
  const { setTimeout, setInterval, setImmediate, queueMicrotask } = globalThis;
  const told: (() => void)[] = [];
  const forbidden = (name: string) => () => bench.fault(`${name} was called`);
  Object.assign(globalThis, {
    setTimeout: (tell: () => void) => told.push(tell),
    setInterval: forbidden('setInterval'),
    setImmediate: forbidden('setImmediate'),
    queueMicrotask: forbidden('queueMicrotask'),
  });
  const heard: unknown[] = [];
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => heard.push(error);
  try {
    act();
    for (const tell of told) tell();
  } finally {
    config.onUnhandledError = onUnhandledError;
    Object.assign(globalThis, { setTimeout, setInterval, setImmediate, queueMicrotask });
  }
  return heard;
}
