import { constants } from 'node:os';
import { fromEvent, map, merge, ReplaySubject, skip, take, type Observable } from 'rxjs';

/**
 * Ctrl-C, or a service manager's SIGTERM. The first asks to stop in good order, the second to stop at
 * once. Either is told to whoever asks later, too.
 */
export interface Interrupts {
  readonly first: Observable<NodeJS.Signals>;
  readonly second: Observable<NodeJS.Signals>;
}

/** Takes the signals from here on: they no longer end the process by themselves. */
export function takeInterrupts(): Interrupts {
  const first = new ReplaySubject<NodeJS.Signals>(1);
  const second = new ReplaySubject<NodeJS.Signals>(1);
  const signals = merge(
    ...(['SIGINT', 'SIGTERM'] as const).map((signal) =>
      fromEvent(process, signal).pipe(map(() => signal)),
    ),
  );
  signals.pipe(take(1)).subscribe(first);
  signals.pipe(skip(1), take(1)).subscribe(second);
  return { first, second };
}

/** What a shell shows for a process that `signal` ended: 130 for Ctrl-C. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
