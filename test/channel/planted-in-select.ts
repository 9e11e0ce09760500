import { from, inFile, kind, type Planted } from './planted.js';

const cases = inFile('src/select/cases.ts');
const select = inFile('src/select/select.ts');

/** Select, with one thing wrong with it. */
export const inSelect: readonly Planted[] = [
  select(
    'stays in the lines of the cases that lost',
    [`this.waits.forEach((wait, i) => caseOf(cases, names[i] as string).leave(wait));`, ``],
    { explored: from(1, kind(0)) },
  ),
  select(
    'stays in the third line when a case has happened',
    [`this.waits.forEach(`, `this.waits.slice(0, 2).forEach(`],
    { explored: from(1, kind(0), kind(0)) },
  ),
  select(
    'lets two cases happen at once',
    [
      `if (result !== undefined) return result;`,
      `if (result !== undefined) { caseOf(cases, names.at(-1)!).poll('', clock); return result; }`,
    ],
    { explored: from(1, kind(1)) },
  ),
  select(
    'overlooks a case that is ready, unless it is the first',
    [
      `if (result !== undefined) return result;\n    }\n  } while (names`,
      `if (result !== undefined) return result;\n      break;\n    }\n  } while (names.slice(0, 1)`,
    ],
    { explored: from(1, kind(1)) },
  ),
  select(
    'prefers the last of several that are ready',
    [
      `for (const name of names) {\n      const result`,
      `for (const name of [...names].reverse()) {\n      const result`,
    ],
    { explored: from(1, kind(1)) },
  ),
  select(
    'stays in line when its signal aborts, and loses what it is given then',
    [`this.chosen();\n    this.failed(`, `this.failed(`],
    { explored: from(2, kind(0)) },
  ),
  select(
    'goes on though its signal has aborted before',
    [`if (signal?.aborted) throw signal.reason;`, ``],
    { explored: from(1, kind(1)) },
  ),
  select(
    'leaves a listener on its signal',
    [`this.signal?.removeEventListener('abort', this);`, ``],
    { explored: from(1, kind(0)) },
  ),
  select('has nothing but the cases before the first nil one', [
    `Object.keys(cases).filter((name) => cases[name]);`,
    `[...Object.keys(cases), ''].slice(0, [...Object.values(cases), undefined].findIndex((one) => !one));`,
  ]),
  cases('meets itself', [`sender.own = contest.receiversOn(channel);`, ``], {
    explored: from(1, kind(0)),
  }),
  cases(
    'has two winners: a send that happens keeps the other cases waiting',
    [`sender.hasLeft = () => contest.chosen();`, ``],
    { explored: from(1, kind(0)) },
  ),
  cases(
    'has two winners: a receive that happens keeps the other cases waiting',
    [`({ value, done }) => {\n        contest.chosen();`, `({ value, done }) => {`],
    { explored: from(1, kind(0)) },
  ),
  cases(
    'never sees that a channel is closed',
    [
      `return length > 0 || closed || (waiting > 0 && !senders.waking);\n  }\n\n  poll(name: string) {`,
      `return length > 0 || (waiting > 0 && !senders.waking);\n  }\n\n  poll(name: string) {\n    if (!this.ready() && this.receivesFrom.closed) return undefined;`,
    ],
    { explored: from(2, kind(0)) },
  ),
  cases(
    'takes the error that a channel was closed with for its end',
    [
      `contest.failed(error);\n      },`,
      `contest.won({ case: name, value: undefined, done: true } as { case: string });\n      },`,
    ],
    { explored: from(2, kind(0)) },
  ),
  cases(
    'hangs when the channel is cancelled that it sends on',
    [`(error) => contest.failed(error),`, `() => {},`],
    { explored: from(2, kind(0)) },
  ),
  cases(
    'goes on being counted as a send that waits',
    [
      `if (sender.list?.remove(sender) === true) this.channel.sends--;`,
      `sender.list?.remove(sender);`,
    ],
    { explored: from(1, kind(0)) },
  ),
  cases(
    'sends what it has, and says nothing of it',
    [`() => contest.won({ case: name }),\n      (error)`, `() => {},\n      (error)`],
    { explored: from(1, kind(0)) },
  ),
  cases('stays in line when its time is over', [`contest.chosen();\n    ring();`, `ring();`]),
  cases('leaves a timer behind', [`alarm.stop();\n  }\n}\n\nclass Tick`, `}\n}\n\nclass Tick`]),
];
