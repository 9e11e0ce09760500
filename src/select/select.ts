import type { WaitOptions } from '../channel/types.js';
import { checkFunction, checkOneOf } from '../check.js';
import { systemClock, type Clock } from '../clock.js';
import type { Contest, SelectCase } from './cases.js';

/** The cases of a select, by name. In the place of one, `undefined`, `null` or `false` is never ready: Go's nil channel. */
export type SelectCases = Readonly<Record<string, SelectCase<unknown> | undefined | null | false>>;

/** What happened: `case` is the name of the case, and tells what else there is. */
export type Selected<C extends SelectCases> = {
  [K in keyof C & string]: C[K] extends undefined | null | false
    ? never // nothing that could happen
    : C[K] extends SelectCase<infer R> | undefined | null | false
      ? R extends unknown
        ? { readonly case: K } & R
        : never
      : never;
}[keyof C & string];

/** How to choose among cases. */
export interface TrySelectOptions {
  /** Of several that are ready: `'random'` (default, as in Go) or the first `'declared'`. */
  readonly order?: 'random' | 'declared' | undefined;
  /** Where chance comes from: a number ≥ 0 and < 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Where time comes from. Default: the host. */
  readonly clock?: Clock | undefined;
}

/** How to choose among cases, and how to end the wait early. */
export interface SelectOptions extends TrySelectOptions, WaitOptions {}

/**
 * Waits until one of several cases can happen, and lets exactly that one happen: Go's `select`. The
 * others lose nothing.
 *
 * Of several that are ready, one is picked at random. A closed channel is ready to be received from
 * (`done`). One select may both send and receive on a channel; it never meets itself, but another select
 * can meet it.
 *
 * ```ts
 * import { Channel, after, recv, select, send } from 'rxjs-sluice';
 *
 * const jobs = new Channel<string>(1);
 * const results = new Channel<number>();
 * jobs.trySend('sweep');
 * const chosen = await select({ job: recv(jobs), sent: send(results, 42), idle: after(1000) });
 * if (chosen.case === 'job' && !chosen.done) console.log(chosen.value); // sweep
 * ```
 *
 * @returns what happened; rejects with what a channel of a `recv` case was closed with, with
 *   `ChannelClosedError` for a `send` case whose channel is closed, or with the signal's reason: then
 *   nothing happened.
 * @throws {TypeError} (rejects) if no case can ever happen and there is no signal.
 */
export function select<const C extends SelectCases>(
  cases: C,
  options: SelectOptions = {},
): Promise<Selected<C>> {
  return new Promise((resolve, reject) => {
    const { signal, clock = systemClock } = options;
    if (signal?.aborted) throw signal.reason;
    const names = shuffled(cases, options);
    if (names.length === 0 && signal === undefined) {
      throw new TypeError(
        'Expected `cases` to have one that can happen, or a `signal`, got neither',
      );
    }
    const result = poll(names, cases, clock);
    if (result !== undefined) resolve(result as Selected<C>);
    else new Selection(names, cases, clock, signal, resolve as (result: unknown) => void, reject);
  });
}

/**
 * As {@link select}, if that needs no waiting; else `undefined`: Go's `select` with a `default`. Throws as
 * `select` rejects. An `after` never happens here.
 *
 * ```ts
 * import { Channel, recv, trySelect } from 'rxjs-sluice';
 *
 * const quit = new Channel<never>();
 * console.log(trySelect({ quit: recv(quit) })); // undefined
 * quit.close();
 * console.log(trySelect({ quit: recv(quit) })?.case); // quit
 * ```
 */
export function trySelect<const C extends SelectCases>(
  cases: C,
  options: TrySelectOptions = {},
): Selected<C> | undefined {
  const { clock = systemClock } = options;
  return poll(shuffled(cases, options), cases, clock) as Selected<C> | undefined;
}

/** Those that can happen, in the order in which they are tried: every order is as likely as any other. */
function shuffled(cases: SelectCases, options: TrySelectOptions): string[] {
  const { order = 'random', random = Math.random } = options;
  checkOneOf('order', order, 'random', 'declared');
  checkFunction('random', random);
  const names = Object.keys(cases).filter((name) => cases[name]);
  if (order === 'declared') return names;
  for (let i = names.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const name = names[i] as string;
    names[i] = names[j] as string;
    names[j] = name;
  }
  return names;
}

const caseOf = (cases: SelectCases, name: string) => cases[name] as SelectCase<unknown>;

/** Lets the first happen that is ready. Producers that are asked on the way may make others so. */
function poll(names: readonly string[], cases: SelectCases, clock: Clock): object | undefined {
  do {
    for (const name of names) {
      const result = caseOf(cases, name).poll(name, clock);
      if (result !== undefined) return result;
    }
  } while (names.some((name) => caseOf(cases, name).ready(clock)));
  return undefined;
}

/**
 * A select that waits in several lines at once.
 *
 * Invariant: when it leaves one line because its turn has come there, it leaves all the others before
 * anything else happens; so nobody else can choose it.
 */
class Selection implements Contest {
  private decided = false;
  /** What each needs to leave, of those that wait. */
  private readonly waits: unknown[] = [];

  constructor(
    private readonly names: readonly string[],
    private readonly cases: SelectCases,
    readonly clock: Clock,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (result: object) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    signal?.addEventListener('abort', this);
    try {
      for (const name of names) this.waits.push(caseOf(cases, name).wait(name, this));
      // Only now that it stands in all lines: a producer that hears of it may send in several.
      for (const [i, name] of names.entries()) {
        const case_ = caseOf(cases, name);
        const wait = this.waits[i];
        case_.begin(wait);
        if (this.decided) {
          case_.leave(wait); // an alarm may have been set since
          return;
        }
      }
    } catch (error) {
      this.chosen(); // the clock has failed: it waits nowhere
      this.failed(error);
      return;
    }
    // It may have aborted while the cases were tried.
    if (signal?.aborted) this.handleEvent();
  }

  chosen(): void {
    if (this.decided) return;
    this.decided = true;
    this.signal?.removeEventListener('abort', this);
    const { names, cases } = this;
    this.waits.forEach((wait, i) => caseOf(cases, names[i] as string).leave(wait));
  }

  won(result: object): void {
    this.resolve(result);
    this.gone();
  }

  failed(error?: unknown): void {
    const { signal } = this;
    this.reject(signal?.aborted ? signal.reason : error);
    this.gone();
  }

  private gone(): void {
    for (const name of this.names) caseOf(this.cases, name).gone?.();
  }

  receiversOn(channel: unknown): number {
    const { names, cases } = this;
    return names.filter((name) => caseOf(cases, name).receivesFrom === channel).length;
  }

  /** The signal aborts. */
  handleEvent(): void {
    this.chosen();
    this.failed();
  }
}
