import type { Name, SelectName } from './commands.js';
import type { Case } from './subject.js';
import type { Trial } from './trial.js';

/** What each command does; `n` is read as it needs it. */
export const operations: Readonly<Record<Name, (trial: Trial, on: number, n: number) => unknown>> =
  {
    trySend: (trial, on) => trial.trySend(on),
    send: (trial, on) => trial.send(on),
    sendWithSignal: (trial, on) => trial.send(on, trial.newSignal()),
    sendAborted: (trial, on) => trial.send(on, AbortSignal.abort('aborted before')),
    tryReceive: (trial, on) => trial.tryReceive(on),
    receive: (trial, on) => trial.receive(on),
    receiveWithSignal: (trial, on) => trial.receive(on, trial.newSignal()),
    receiveAborted: (trial, on) => trial.receive(on, AbortSignal.abort('aborted before')),
    receiveWith: (trial, on, n) => trial.receiveWith(on, 1 + (n % 4), afterReceiving[n >> 3], n),
    // Some are asked in vain.
    produce: (trial, on, n) =>
      trial.produce(on, Math.max(0, (n % 8) - 2), afterProducing[n >> 3], n),
    abort: (trial, _, n) => trial.abort(n),
    giveUp: (trial, _, n) => trial.giveUp(n),
    withdraw: (trial, _, n) => trial.withdraw(n),
    advance: (trial, _, n) => trial.subject.advance(n % 3),
    close: (trial, on) => trial.channel(on).close(),
    closeWithError: (trial, on, n) => trial.channel(on).close(new Error(`closed ${n}`)),
    cancel: (trial, on, n) => trial.channel(on).cancel(n % 2 > 0 ? `cancelled ${n}` : undefined),
  };

export const selects: Readonly<
  Record<SelectName, (trial: Trial, cases: readonly Case[], n: number) => unknown>
> = {
  select: (trial, cases) => trial.select(cases),
  selectWithSignal: (trial, cases) => trial.select(cases, trial.newSignal()),
  selectAborted: (trial, cases) => trial.select(cases, AbortSignal.abort('aborted before')),
  trySelect: (trial, cases) => trial.trySelect(cases),
  pick: (trial, cases, n) => trial.pick(cases, n / 128),
};

/**
 * What a callback does to the channel in which it is called; mostly nothing. A producer that receives
 * as well is left out: which of its rights comes first, no rule says.
 */
const afterProducing: readonly (Name | undefined)[] = [
  'close',
  'closeWithError',
  'cancel',
  'abort',
  'giveUp',
  'withdraw',
];
const afterReceiving: typeof afterProducing = [
  'trySend',
  'tryReceive',
  'receive',
  ...afterProducing,
];
