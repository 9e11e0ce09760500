import type { Change } from '../support/library-copy.js';
import type { Kind } from './subject.js';

/** The library with one thing wrong with it. */
export interface Planted {
  /** What the broken thing does. */
  readonly title: string;
  readonly change: Change;
  /** The policy under which it shows; 'block' where nothing is said. */
  readonly overflow?: Kind['overflow'];
}

const inFile =
  (file: Change['file']) =>
  (
    title: string,
    [find, put]: readonly [string, string],
    rest: Omit<Planted, 'title' | 'change'> = {},
  ): Planted => ({
    title,
    change: { file, find, put },
    ...rest,
  });

const channel = inFile('src/channel/channel.ts');
const line = inFile('src/line/line.ts');
const waiters = inFile('src/line/waiters.ts');
const cases = inFile('src/select/cases.ts');
const select = inFile('src/select/select.ts');

export const inTheChannel: readonly Planted[] = [
  channel('loses what it hands over', [
    `receiver.resolve({ done: false, value });\n      return;`,
    `return;`,
  ]),
  channel('gives the place of a value taken to whoever comes next', [
    `if (head?.admit !== undefined) line.push(this.takeFrom(head));\n      else if (`,
    `if (head?.admit === undefined && `,
  ]),
  channel('lets the last of the sends that wait in first', [
    `const { head } = senders;`,
    `const head = senders.all().at(-1);`,
  ]),
  channel('holds one too many', [`return this.capacity - this`, `return this.capacity + 1 - this`]),
  channel('takes the value of a waiting send twice', [
    `this.senders.remove(sender);\n    this.sendLeft();`,
    ``,
  ]),
  channel('lets a send by a receiver that waits', [
    `const receiver = this.receivers.shift();`,
    `const receiver = this.capacity > this.line.length ? undefined : this.receivers.shift();`,
  ]),
  channel('takes a value though the signal has aborted', [
    `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      const result`,
    `try {\n      const result`,
  ]),
  channel('sends a value though the signal has aborted', [
    `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      if`,
    `try {\n      if`,
  ]),
  channel('loses a value when a receive is aborted', [
    `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      const result`,
    `if (signal?.aborted) return this.tryReceive(), Promise.reject(signal.reason);\n    try {\n      const result`,
  ]),
  channel('takes a hand-over back when the signal aborts in the same turn', [
    `leaveOnAbort(this.waitToReceive(resolve, reject), signal),`,
    `leaveOnAbort(this.waitToReceive((result) => queueMicrotask(() => signal?.aborted ? reject(signal.reason) : resolve(result)), reject), signal),`,
  ]),
  channel('does not count the sends that wait', [
    `return this.line.length + this.waitingSends;`,
    `return this.line.length;`,
  ]),
  channel('goes on counting a send that was aborted', [`, signal, this.sendLeft);`, `, signal);`]),
  channel('shows room when it is closed', [
    `return this.isClosed ? 0 : this.room;`,
    `return this.room;`,
  ]),
  channel('turns waiting sends into held values when it closes', [
    `if (producer.admit === undefined && senders`,
    `if (senders`,
  ]),
  channel('lets a second close count', [`if (this.isClosed) return;\n`, ``]),
  channel('takes values after its end', [
    `if (this.isClosed) throw new ChannelClosedError(value);`,
    ``,
  ]),
  channel('forgets its receivers when it closes', [
    `if (error === undefined) receiver.resolve(DONE);`,
    `if (error === undefined) continue;`,
  ]),
  channel('ends well for those who wait when it was closed with an error', [
    `if (error === undefined) receiver.resolve(DONE);`,
    `if (this.isClosed) receiver.resolve(DONE);`,
  ]),
  channel('ends well for those who come when it was closed with an error', [
    `if (this.failure !== undefined) throw this.failure;`,
    ``,
  ]),
  channel('is done before it is drained', [
    `const { head } = senders;`,
    `const { head } = senders;\n    if (this.isClosed && line.length === 0) return DONE;`,
  ]),
  channel('leaves waiting sends hanging when it is cancelled', [
    `sender.reject(new ChannelClosedError(sender.value));`,
    ``,
  ]),
  channel('drops what is held without a word when it is cancelled', [
    `this.line.clear('cancelled');`,
    `while (this.line.length > 0) this.line.take();`,
  ]),
  channel('forgets the producers when it closes', [
    `if (producer.admit === undefined && senders.remove(producer)) producer.wake();`,
    ``,
  ]),
  channel('asks no producer on behalf of one that only tries to receive', [
    `if (head !== undefined) return this.meet();`,
    ``,
  ]),
  channel(
    'answers false when the newest is dropped',
    [
      `this.accept(value);\n    return true;`,
      `const held = this.line.length; this.accept(value);\n    return this.line.length > held;`,
    ],
    { overflow: 'drop-newest' },
  ),
  line(
    "takes 'drop-oldest' for 'drop-newest'",
    [`if (overflow === 'drop-oldest' &&`, `if (false &&`],
    {
      overflow: 'drop-oldest',
    },
  ),
  line(
    "keeps the value that fails under 'error'",
    [`let victim = value;`, `let victim = value; if (fails) this.add(value, note);`],
    { overflow: 'error' },
  ),
  line(
    'tells of a drop twice',
    [
      `this.drop(victim, 'overflow');`,
      `this.drop(victim, 'overflow'); this.drop(victim, 'overflow');`,
    ],
    { overflow: 'drop-newest' },
  ),
  line('drops the newest first when it is cancelled', [
    `this.drop(this.take(), reason);`,
    `this.drop(this.slots[(this.head + --this.length) & (this.slots.length - 1)] as T, reason);`,
  ]),
  waiters('serves the last of those who wait first', [
    `const { next } = this.end;\n    return`,
    `const next = this.end.previous;\n    return`,
  ]),
  waiters('leaves a ghost in line when a wait is aborted', [
    `if (waiter.list?.remove(waiter) !== true) return;`,
    `if (waiter.list === undefined) return;`,
  ]),
  waiters('leaves a listener on the signal', [
    `waiter.hasLeft = () => signal.removeEventListener('abort', onAbort);`,
    ``,
  ]),
  waiters('goes on asking a producer that has withdrawn', [
    `return () => void this.remove(waiter);\n  }\n\n  /** As`,
    `return () => {};\n  }\n\n  /** As`,
  ]),
  waiters('resumes a producer twice', [
    `this.resolve();\n`,
    `this.resolve();\n      if (this.admit === undefined) this.resolve();\n`,
  ]),
  waiters('asks the last of several producers first', [
    `let { next } = this.end;\n    for (let room; next !== this.end && next.round < this.round; next = next.next) {`,
    `let next = this.end.previous;\n    for (let room; next !== this.end && next.round < this.round; next = next.previous) {`,
  ]),
  waiters('asks nobody any more once it has asked', [`this.waking = false;`, ``]),
];

export const inSelect: readonly Planted[] = [
  select('stays in the lines of the cases that lost', [
    `this.waiting.forEach((case_, i) => case_.leave(this.waits[i]));`,
    ``,
  ]),
  select('stays in the third line when a case has happened', [
    `this.waiting.forEach(`,
    `this.waiting.slice(0, 2).forEach(`,
  ]),
  select('lets two cases happen at once', [
    `if (result !== undefined) return result;`,
    `if (result !== undefined) { caseOf(cases, names.at(-1)!).poll('', clock); return result; }`,
  ]),
  select('overlooks a case that is ready, unless it is the first', [
    `if (result !== undefined) return result;\n    }\n  } while (names`,
    `if (result !== undefined) return result;\n      break;\n    }\n  } while (names.slice(0, 1)`,
  ]),
  select('prefers the last of several that are ready', [
    `for (const name of names) {\n      const result`,
    `for (const name of [...names].reverse()) {\n      const result`,
  ]),
  select('stays in line when its signal aborts, and loses what it is given then', [
    `this.chosen();\n    this.reject(`,
    `this.reject(`,
  ]),
  select('goes on though its signal has aborted before', [
    `if (signal?.aborted) throw signal.reason;`,
    ``,
  ]),
  select('leaves a listener on its signal', [
    `this.signal?.removeEventListener('abort', this);`,
    ``,
  ]),
  select('has nothing but the cases before the first nil one', [
    `Object.keys(cases).filter((name) => cases[name]);`,
    `[...Object.keys(cases), ''].slice(0, [...Object.values(cases), undefined].findIndex((one) => !one));`,
  ]),
  cases('meets itself', [`sender.own = contest.receiversOn(channel);`, ``]),
  cases('has two winners: a send that happens keeps the other cases waiting', [
    `sender.hasLeft = () => contest.chosen();`,
    ``,
  ]),
  cases('has two winners: a receive that happens keeps the other cases waiting', [
    `({ value, done }) => {\n        contest.chosen();`,
    `({ value, done }) => {`,
  ]),
  cases('never sees that a channel is closed', [
    `return waiting > 0 || closed;\n  }\n\n  poll(name: string) {`,
    `return waiting > 0;\n  }\n\n  poll(name: string) {\n    if (!this.ready() && this.receivesFrom.closed) return undefined;`,
  ]),
  cases('takes the error that a channel was closed with for its end', [
    `contest.failed(error);\n      },`,
    `contest.won({ case: name, value: undefined, done: true } as { case: string });\n      },`,
  ]),
  cases('hangs when the channel is cancelled that it sends on', [
    `(error) => contest.failed(error),`,
    `() => {},`,
  ]),
  cases('goes on being counted as a send that waits', [
    `if (sender.list?.remove(sender) === true) this.channel.sendLeft();`,
    `sender.list?.remove(sender);`,
  ]),
  cases('sends what it has, and says nothing of it', [
    `() => contest.won({ case: name }),\n      (error)`,
    `() => {},\n      (error)`,
  ]),
  cases('stays in line when its time is over', [`contest.chosen();\n    ring();`, `ring();`]),
  cases('leaves a timer behind', [`alarm.stop();\n  }\n}\n\nclass Tick`, `}\n}\n\nclass Tick`]),
];
