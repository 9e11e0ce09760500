import type { Change } from '../support/library-copy.js';

/** The library with one thing wrong with it. */
export interface Planted {
  /** What is broken, and what it does. */
  readonly title: string;
  readonly change: Change;
}

const inFile =
  (file: Change['file']) =>
  (title: string, find: string, put: string): Planted => ({ title, change: { file, find, put } });

export const stage = inFile('operators/stage/stage.ts');
const buffering = inFile('operators/stage/buffering.ts');
export const outlet = inFile('operators/stage/outlet.ts');
const line = inFile('src/line/line.ts');
const waiters = inFile('src/line/waiters.ts');
export const batch = inFile('operators/batch-with-timeout.ts');
export const pool = inFile('operators/pool/pool.ts');
export const bucket = inFile('operators/bucket/leaking.ts');
const throttle = inFile('operators/adaptive-throttle.ts');
const conflating = inFile('operators/conflate.ts');
export const fanning = inFile('operators/lanes/fanning.ts');
export const branch = inFile('operators/broadcast/branch.ts');
const connection = inFile('operators/broadcast/connection.ts');
const pull = inFile('operators/sources/pull-from.ts');
const readers = inFile('operators/sources/readers.ts');
const switching = inFile('operators/sources/backpressure.ts');
const moving = inFile('operators/pool/moving-pool.ts');
export const channel = inFile('operators/buffered-channel.ts');
const iterable = inFile('operators/sinks/to-async-iterable.ts');
const into = inFile('operators/sinks/into-channel.ts');
const share = inFile('operators/bucket/share.ts');
const linking = inFile('operators/link/find-demand.ts');
const operate = inFile('operators/stage/operate.ts');

export const planted: readonly Planted[] = [
  stage('a stage loses what it holds when it ends early', `    this.line.clear(reason);\n`, ``),
  stage('a stage keeps its source when its consumer leaves', `      this.release();\n`, ``),
  stage(
    'a stage ends with its source, whatever it holds',
    `if (this.state === 'ending' && this.drained && this.asking === 0) this.finish();`,
    `if (this.state === 'ending') this.finish();`,
  ),
  stage(
    "a stage drains first under errors: 'immediate'",
    `this.drains = errors !== 'immediate';`,
    `this.drains = true;`,
  ),
  stage(
    'a stage wakes nobody when it has room again',
    `new RoomWaiters(() => this.available);`,
    `new RoomWaiters(() => 0);`,
  ),
  buffering(
    'a channel has room for one too many',
    `Math.max(0, this.capacity - length)`,
    `Math.max(0, this.capacity + 1 - length)`,
  ),
  buffering(
    'a value passes those that wait',
    `if (this.busy || this.line.length > 0 || this.outgoing <= 0) {`,
    `if (this.busy || this.outgoing <= 0) {`,
  ),
  line(
    "'drop-oldest' drops the newest",
    `      victim = this.take();\n      this.add(value, note);\n`,
    ``,
  ),
  line(
    'what is dropped is heard of twice',
    `this.onDrop?.(value, reason);`,
    `this.onDrop?.(value, reason);\n    this.onDrop?.(value, reason);`,
  ),
  line(
    'one value more is parked than may be',
    `return this.length - places < this.maxParked;`,
    `return this.length - places <= this.maxParked;`,
  ),
  waiters(
    'who waits longest is woken last',
    `    const last = end.previous;
    waiter.list = this;
    waiter.previous = last;
    waiter.next = end;
    last.next = end.previous = waiter;`,
    `    const first = end.next;
    waiter.list = this;
    waiter.next = first;
    waiter.previous = end;
    first.previous = end.next = waiter;`,
  ),
  batch(
    'a batch leaves its timer behind',
    `  protected halt(): void {\n    this.alarm.stop();`,
    `  protected halt(): void {`,
  ),
  batch(
    'a batch forgets its time when there is no room below',
    `      this.due = true;\n      this.pump();`,
    `      this.due = this.out.room > 0;\n      this.pump();`,
  ),
  batch(
    'a batch has its time from its last value, though it should be its first',
    `if (this.untilIdle && this.alarm.armed)`,
    `if (this.alarm.armed)`,
  ),
  pool('a pool forgets about order', `options.ordered === true`, `options.ordered === undefined`),
  pool(
    'a pool lets a value of a later key go first',
    `return !this.ordered || !notes?.length || valueAt(notes, 0).place > worker.place;`,
    `return true;`,
  ),
  pool(
    'a pool runs two of one key at a time',
    `if (!this.busyKeys?.has(valueAt(keys, i).key)) return i;`,
    `return i;`,
  ),
  pool(
    'a pool leaves its timer set when no task runs any more',
    `if (--this.timed === 0) this.alarm.stop();`,
    `this.timed--;`,
  ),
  bucket(
    'a bucket is a millisecond late',
    `this.alarm.setFor(this.due, this.lookedAt);`,
    `this.alarm.setFor(this.due + 1, this.lookedAt);`,
  ),
  bucket(
    'a bucket takes tokens of a value that was held up for those of the time before',
    `this.openSince = now;`,
    ``,
  ),
  throttle(
    'a throttle counts from when it was slow the last time',
    `this.since = this.ringing ? Math.min(now, this.due) : now;`,
    `this.since = Math.min(now, this.due + this.delay);`,
  ),
  pull(
    'a source passes on what finds the room gone',
    `this.out.room > 0) this.deliver(`,
    `this.out.room >= 0) this.deliver(`,
  ),
  conflating(
    'what was combined is delivered uncounted',
    `    this.delivered += this.inWork;\n`,
    ``,
  ),
  fanning(
    'lanes lose what they hold when all is over',
    `    for (const { line } of this.lanes) line.clear(reason);\n`,
    ``,
  ),
  connection(
    'a value is given to two subscribers at most',
    `this.serving = branches;`,
    `this.serving = branches.slice(0, 2);`,
  ),
  branch(
    'a subscriber is given the value before',
    `    super.send(value);\n`,
    `    const { last = value } = this as { last?: T };\n    Object.assign(this, { last: value });\n    super.send(last);\n`,
  ),
  pull(
    'a source is not let go when its consumer leaves',
    `    this.inHand = undefined;\n    this.release();`,
    `    this.inHand = undefined;`,
  ),
  switching(
    'a source is told to stop for every value that it sends although it is full',
    `if (this.closed || this.paused || this.out.room > 0) return;`,
    `if (this.closed || this.out.room > 0) return;`,
  ),
  readers('a Node stream is not destroyed when it is left', `    stream.destroy?.();\n`, ``),
  readers('a web stream is not cancelled when it is left', `reader.cancel()`, `undefined as never`),
  moving('a pool does not hear of its limit', `    this.limitTo(limit, `, `    this.limitTo(1, `),
  moving(
    'a limit does not hear how long tasks take',
    `const latencyMs = this.clock.now() - span.startedAt;`,
    `const latencyMs = 0;`,
  ),
  channel('a pace releases as long as nothing else does', `now < this.until`, `now <= this.until`),
  throttle(
    'a throttle goes on by the delay before what it is told',
    `this.alarm.setFor(waits ? this.due : Infinity);`,
    `if (this.alarm.armed !== waits) this.alarm.setFor(waits ? this.due : Infinity);`,
  ),
  bucket(
    'a bucket takes what there will never be enough tokens for',
    `cost >= 0 && cost <= most`,
    `cost >= 0`,
  ),
  share(
    'a bucket that has ended stays in the line of its limiter',
    `    this.queue.leave(this.claimant);\n`,
    ``,
  ),
  share(
    'a bucket takes no tokens of its limiter',
    `return this.queue.takeFor(this.claimant, cost, since);`,
    `return this.has(cost, since);`,
  ),
  iterable(
    'what an iterable reads goes on when its loop is left',
    `            subscriber.unsubscribe();`,
    ``,
  ),
  into(
    'what a channel has no place for counts as delivered',
    `    this.delivered--;\n    return false;`,
    `    return false;`,
  ),
  linking(
    'a link is told of that is not there',
    `because: demand ? 'linked'`,
    `because: !demand ? 'linked'`,
  ),
  linking('only a stage itself hears of its link', `    listeners.add(at[ON_LINK]);\n`, ``),
  operate(
    'a stage does without the demand that it requires',
    `demand === undefined && options.requireDemand`,
    `demand === null && options.requireDemand`,
  ),
];
