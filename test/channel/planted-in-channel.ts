import { from, inFile, kind, type Planted } from './planted.js';

const channel = inFile('src/channel/channel.ts');
const line = inFile('src/line/line.ts');
const waiters = inFile('src/line/waiters.ts');

/** The channel, with one thing wrong with it. */
export const inTheChannel: readonly Planted[] = [
  channel('loses what it hands over', [`receiver.resolve({ done: false, value });\n    }`, `}`], {
    explored: from(2, kind(0)),
  }),
  channel(
    'gives the place of a value taken to whoever comes next',
    [
      `if (head?.admit) {\n      senders.remove`,
      `if (head?.admit && line.length > 0) return { done: false, value: line.take() };\n    if (head?.admit) {\n      senders.remove`,
    ],
    { explored: from(2, kind(1)) },
  ),
  channel(
    'lets the last of the sends that wait in first',
    [`const { head } = senders;`, `const head = senders.all().at(-1);`],
    { explored: from(1, kind(0)) },
  ),
  channel(
    'holds one too many',
    [`return this.capacity - this`, `return this.capacity + 1 - this`],
    { explored: from(0, kind(0)) },
  ),
  channel(
    'takes the value of a waiting send twice',
    [`senders.remove(head);\n      this.sends--;`, ``],
    { explored: from(1, kind(0)) },
  ),
  channel(
    'lets a send by a receiver that waits',
    [
      `const receiver = this.receivers.shift();`,
      `const receiver = this.capacity > this.line.length ? undefined : this.receivers.shift();`,
    ],
    { explored: from(2, kind(1)) },
  ),
  channel(
    'takes a value though the signal has aborted',
    [
      `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      const`,
      `try {\n      const`,
    ],
    { explored: from(2, kind(0)) },
  ),
  channel(
    'sends a value though the signal has aborted',
    [
      `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      if`,
      `try {\n      if`,
    ],
    { explored: from(1, kind(1)) },
  ),
  channel(
    'loses a value when a receive is aborted',
    [
      `if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      const`,
      `if (signal?.aborted) this.tryReceive();\n    if (signal?.aborted) return Promise.reject(signal.reason);\n    try {\n      const`,
    ],
    { explored: from(2, kind(0)) },
  ),
  channel('takes a hand-over back when the signal aborts in the same turn', [
    `leaveOnAbort(this.waitToReceive(resolve, reject, receiver), signal),`,
    `leaveOnAbort(this.waitToReceive((result) => queueMicrotask(() => signal?.aborted ? reject(signal.reason) : resolve(result)), reject), signal),`,
  ]),
  channel(
    'does not count the sends that wait',
    [`return this.line.length + this.sends;`, `return this.line.length;`],
    { explored: from(1, kind(0)) },
  ),
  channel('goes on counting a send that was aborted', [`, signal, this.sendLeft),`, `, signal),`], {
    explored: from(2, kind(0)),
  }),
  channel(
    'shows room when it is closed',
    [`return this.isClosed ? 0 : this.room;`, `return this.room;`],
    { explored: from(0, kind(1)) },
  ),
  channel(
    'turns waiting sends into held values when it closes',
    [`({ admit }) => !admit,`, `() => true,`],
    { explored: from(1, kind(0)) },
  ),
  channel('lets a second close count', [`if (this.isClosed) return;\n`, ``], {
    explored: from(1, kind(0)),
  }),
  channel(
    'takes values after its end',
    [`if (this.isClosed) throw new ChannelClosedError(value);`, ``],
    { explored: from(2, kind(0)) },
  ),
  channel(
    'forgets its receivers when it closes',
    [`if (error === undefined) receiver.resolve(DONE);`, `if (error === undefined) return;`],
    { explored: from(1, kind(0)) },
  ),
  channel(
    'ends well for those who wait when it was closed with an error',
    [
      `if (error === undefined) receiver.resolve(DONE);`,
      `if (this.isClosed) receiver.resolve(DONE);`,
    ],
    { explored: from(2, kind(0)) },
  ),
  channel(
    'ends well for those who come when it was closed with an error',
    [`if (this.failure !== undefined) throw this.failure;`, ``],
    { explored: from(1, kind(0)) },
  ),
  channel(
    'is done before it is drained',
    [
      `const { head } = senders;`,
      `const { head } = senders;\n    if (this.isClosed && line.length === 0) return DONE;`,
    ],
    { explored: from(1, kind(0)) },
  ),
  channel(
    'leaves waiting sends hanging when it is cancelled',
    [`sender.fail(new ChannelClosedError(sender.value));`, ``],
    { explored: from(2, kind(0)) },
  ),
  channel(
    'drops what is held without a word when it is cancelled',
    [`this.line.clear('cancelled');`, `while (this.line.length > 0) this.line.take();`],
    { explored: from(2, kind(1)) },
  ),
  channel('forgets the producers when it closes', [`(producer) => producer.wake(),`, `() => {},`]),
  channel('asks no producer on behalf of one that only tries to receive', [
    `return this.meet();`,
    `return undefined;`,
  ]),
  channel(
    'answers false when the newest is dropped',
    [
      `this.accept(value);\n    return true;`,
      `const held = this.line.length; this.accept(value);\n    return this.line.length > held;`,
    ],
    { overflow: 'drop-newest', explored: from(1, kind(0, 'drop-oldest')) },
  ),
  line(
    "takes 'drop-oldest' for 'drop-newest'",
    [`if (overflow === 'drop-oldest' &&`, `if (false &&`],
    {
      overflow: 'drop-oldest',
      explored: from(2, kind(1, 'drop-oldest')),
    },
  ),
  line(
    "keeps the value that fails under 'error'",
    [`let victim = value;`, `let victim = value; if (overflow === 'error') this.add(value, note);`],
    { overflow: 'error', explored: from(2, kind(1, 'error')) },
  ),
  line(
    'tells of a drop twice',
    [
      `this.drop(victim, 'overflow');`,
      `this.drop(victim, 'overflow'); this.drop(victim, 'overflow');`,
    ],
    { overflow: 'drop-newest', explored: from(1, kind(0, 'drop-oldest')) },
  ),
  line(
    'drops the newest first when it is cancelled',
    [
      `this.drop(this.take(), reason);`,
      `this.drop(this.slots[(this.head + --this.length) & (this.slots.length - 1)] as T, reason);`,
    ],
    { explored: from(3, kind(2)) },
  ),
  waiters(
    'serves the last of those who wait first',
    [`const { next } = this.end;\n    return`, `const next = this.end.previous;\n    return`],
    { explored: from(2, kind(0)) },
  ),
  waiters(
    'leaves a ghost in line when a wait is aborted',
    [`if (!list.remove(waiter)) return;`, `if (waiter.list === undefined) return;`],
    { explored: from(2, kind(0)) },
  ),
  waiters(
    'leaves a listener on the signal',
    [`waiter.hasLeft = () => signal.removeEventListener('abort', leave);`, ``],
    { explored: from(1, kind(0)) },
  ),
  waiters('goes on asking a producer that has withdrawn', [
    `return () => this.remove(waiter);\n  }\n\n  /** As`,
    `return () => false;\n  }\n\n  /** As`,
  ]),
  waiters('resumes a producer twice', [
    `this.resolve();\n`,
    `this.resolve();\n      if (this.admit === undefined) this.resolve();\n`,
  ]),
  waiters('asks the last of several producers first', [
    `let { next } = this.end;\n    for (let room; next !== this.end && next.round < this.round; next = next.next) {`,
    `let next = this.end.previous;\n    for (let room; next !== this.end && next.round < this.round; next = next.previous) {`,
  ]),
];
