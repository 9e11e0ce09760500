import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';
import type { Command, Draft, Name } from './commands.js';
import { operations, selects } from './operations.js';
import type { Case, Chosen, End, Kind, Make, Result, Subject } from './subject.js';

/** The errors of the channel. */
interface Failure {
  readonly code: string;
  readonly value: number;
  readonly waiting?: number;
  readonly capacity?: number;
}

interface Listened extends ReturnType<typeof countingSignal> {
  /** Whether the call waits that it was given to. */
  waits: boolean;
}

/**
 * Two channels on trial: what is done to them, and all that is heard of it. Two trials that are put
 * through the same must have the same to tell.
 */
export class Trial {
  readonly subject: Subject;
  /** Told apart by kind: in which order a receiver and a sender hear of one value is nobody's concern. */
  private readonly heard = {
    receives: [] as string[],
    sends: [] as string[],
    selects: [] as string[],
    producers: [] as string[],
    drops: [] as string[],
  };
  /** The place of the case that was last picked by chance. */
  picked: number | undefined;
  private values = 0;
  private readonly received = new Set<number>();
  private readonly dropped = new Set<number>();
  /** How many promises may have been given a value that nobody has heard of yet. */
  private unheard = 0;
  private readonly signals: Listened[] = [];
  private readonly givenUp: (() => void)[] = [];
  private readonly withdrawn: (() => void)[] = [];
  /** Producers that wait for room. */
  private readonly asking = new Set<number>();
  private receivers = 0;
  private selections = 0;

  constructor(make: Make, kinds: readonly Kind[]) {
    this.subject = make(kinds, (value, reason) => {
      this.ends(value, this.dropped);
      this.heard.drops.push(`${value}, ${reason}`);
    });
  }

  /** Does it, and tells what came of it, what is heard so far, and how the channels stand. */
  run(command: Command): string {
    const outcome = this.attempt(() =>
      'cases' in command
        ? selects[command.name](this, command.cases.map(this.toCase), command.n)
        : operations[command.name](this, command.on, command.n),
    );
    const channels = this.subject.channels.map(
      ({ length, available, waiting, arrived, closed }) =>
        `${length} held, ${available} free, ${waiting} wait, ${arrived} came${closed ? ', closed' : ''}`,
    );
    const timers = `${this.subject.armed} timers`;
    return [outcome, ...channels, timers, ...this.news()].join('\n  ');
  }

  /** What was heard since this was last asked. */
  news(): string[] {
    return Object.entries(this.heard).flatMap(([kind, heard]) =>
      heard.length === 0 ? [] : `${kind}: ${heard.splice(0).join('; ')}`,
    );
  }

  /**
   * What must hold whatever the channels do, by what was seen at their ends: each value that came is
   * held, or has come to its one end. Within a turn, some may be on the way to whoever hears next.
   */
  check(atRest: boolean): void {
    const { received, dropped, unheard } = this;
    let onTheWay = -received.size - dropped.size;
    for (const { arrived, length } of this.subject.channels) onTheWay += arrived - length;
    if (onTheWay < 0 || onTheWay > (atRest ? 0 : unheard)) {
      throw new Error(`received ${received.size}, dropped ${dropped.size}, lost ${onTheWay}`);
    }
    for (const { controller, listeners, waits } of this.signals) {
      const due = waits && !controller.signal.aborted ? 1 : 0;
      if (atRest && listeners() !== due) throw new Error(`${listeners()} listeners, not ${due}`);
    }
  }

  channel(on: number): End {
    return this.subject.channels[on]!;
  }

  trySend(on: number): boolean {
    return this.channel(on).trySend(++this.values);
  }

  send(on: number, signal?: AbortSignal): void {
    const value = ++this.values;
    const hear = (how: string) => this.heard.sends.push(`${value} ${how}`);
    this.follow(this.channel(on).send(value, { signal }), signal, hear, () => 'sent');
  }

  tryReceive(on: number): string {
    return this.tell(this.channel(on).tryReceive());
  }

  receive(on: number, signal?: AbortSignal): void {
    const receiver = ++this.receivers;
    const hear = (how: string) => this.heard.receives.push(`${receiver}: ${how}`);
    this.follow(this.channel(on).receive({ signal }), signal, hear, this.tell);
  }

  select(cases: readonly Case[], signal?: AbortSignal): void {
    const selection = ++this.selections;
    const hear = (how: string) => this.heard.selects.push(`${selection}: ${how}`);
    this.follow(this.subject.select(cases, { signal }), signal, hear, this.tellChosen);
  }

  trySelect(cases: readonly Case[]): string {
    return this.tellChosen(this.subject.trySelect(cases));
  }

  /** While producers wait, one could see which cases were tried in vain: they would have been asked. */
  pick(cases: readonly Case[], chance: number): string {
    if (this.asking.size > 0) return this.trySelect(cases);
    const place = this.picked;
    try {
      const chosen = this.subject.pick(cases, chance, place);
      this.picked = chosen && Number(chosen.case.slice('case '.length));
      return this.tellChosen(chosen);
    } catch (error) {
      this.picked = cases.findIndex((one) => this.isFailed(one, error));
      throw error;
    }
  }

  /**
   * Receives `times` values, asking for the next one from inside the callback that brings the last;
   * does `after` from inside the last.
   */
  receiveWith(on: number, times: number, after: Name | undefined, n: number): void {
    const receiver = ++this.receivers;
    const place = this.givenUp.push(() => {}) - 1;
    const receive = (left: number) => {
      let calls = 0;
      const hear = (how: string) => {
        calls++;
        this.heard.receives.push(`${receiver}: ${how}`);
      };
      const giveUp = this.channel(on).receiveWith(
        (result) => {
          hear(this.tell(result));
          if (left > 1 && result.done !== true) receive(left - 1);
          else if (after !== undefined) hear(this.doWithin(after, on, n));
        },
        (error) => hear(tellError(error)),
      );
      if (calls === 0) this.givenUp[place] = giveUp;
    };
    receive(times);
  }

  /**
   * A producer: pushes while there is room, and waits for more room while it has more to push; then it
   * does `after`.
   */
  produce(on: number, stock: number, after: Name | undefined, n: number): void {
    const channel = this.channel(on);
    let left = stock;
    const place = this.withdrawn.push(() => {}) - 1;
    const hear = (how: string) => this.heard.producers.push(`${place} ${how}`);
    const resume = () => {
      this.asking.delete(place);
      let pushed = 0;
      while (left > 0 && channel.available > 0) {
        channel.trySend(++this.values);
        left--;
        pushed++;
      }
      hear(`pushed ${pushed}`);
      if (left > 0 && !channel.closed) wait();
      else if (after !== undefined) hear(this.doWithin(after, on, n));
    };
    const wait = () => {
      let resumed = false;
      this.asking.add(place);
      const withdraw = channel.onAvailable(() => {
        resumed = true;
        resume();
      });
      if (resumed) return;
      this.withdrawn[place] = () => {
        this.asking.delete(place);
        withdraw();
      };
    };
    wait();
  }

  newSignal(): AbortSignal {
    const listened = { ...countingSignal(), waits: false };
    this.signals.push(listened);
    return listened.controller.signal;
  }

  /** Aborts a signal that some call was given, whether that call still waits or not. */
  abort(n: number): void {
    const { signals } = this;
    signals.at(-1 - (n % signals.length))?.controller.abort(`abort ${n}`);
  }

  giveUp(n: number): void {
    this.givenUp[n % this.givenUp.length]?.();
  }

  withdraw(n: number): void {
    this.withdrawn[n % this.withdrawn.length]?.();
  }

  private attempt(act: () => unknown): string {
    try {
      return String(act());
    } catch (error) {
      return `threw ${tellError(error)}`;
    }
  }

  private doWithin(name: Name, on: number, n: number): string {
    return `${name}: ${this.attempt(() => operations[name](this, on, n))}`;
  }

  /** Hears of the end of a wait, with or without a signal. */
  private follow<R>(
    promise: Promise<R>,
    signal: AbortSignal | undefined,
    hear: (how: string) => void,
    tell: (result: R) => string,
  ): void {
    const listened = this.signals.find(({ controller }) => controller.signal === signal);
    if (listened !== undefined) listened.waits = true;
    this.unheard++;
    const over = (how: string) => {
      if (listened !== undefined) listened.waits = false;
      this.unheard--;
      hear(how);
    };
    promise.then(
      (result) => over(tell(result)),
      (error: unknown) => over(tellError(error)),
    );
  }

  private readonly toCase = (draft: Draft): Case =>
    draft.kind === 'send' ? { ...draft, value: ++this.values } : (draft as Case);

  /** Whether it is this case whose channel has come to such an end. */
  private isFailed(one: Case, error: unknown): boolean {
    if (one.kind === 'send') return (error as { readonly value?: unknown }).value === one.value;
    if (one.kind !== 'receive') return false;
    const channel = this.channel(one.on);
    if (!channel.closed || channel.waiting > 0) return false;
    const end = this.attempt(() => channel.tryReceive());
    return end === `threw ${tellError(error)}`;
  }

  private readonly tell = (result: Result | undefined): string => {
    if (result === undefined) return 'nothing now';
    if (result.done === true) return 'done';
    this.ends(result.value, this.received);
    return `value ${result.value}`;
  };

  private readonly tellChosen = (chosen: Chosen | undefined): string => {
    if (chosen === undefined) return 'nothing now';
    const { case: name, done, value } = chosen;
    return done === undefined ? name : `${name}, ${this.tell({ done, value } as Result)}`;
  };

  /** A value has come to its end, of which it has only one. */
  private ends(value: number, where: Set<number>): void {
    if (this.received.has(value) || this.dropped.has(value)) {
      this.heard.drops.push(`${value} came out twice`);
    }
    where.add(value);
  }
}

/** By its code: a copy of the library has classes of its own. */
function tellError(error: unknown): string {
  if (error instanceof TypeError) return 'a TypeError';
  if (!(error instanceof Error && 'code' in error)) return String(error);
  const { code, value, waiting, capacity } = error as unknown as Failure;
  return `${code} of ${value}${waiting === undefined ? '' : `: ${waiting} in ${capacity}`}`;
}

/** Puts `subject` and `model` through the same; throws where they part. */
export async function compare(subject: Trial, model: Trial, script: Command[][]): Promise<void> {
  for (const inOneTurn of script) {
    for (const command of inOneTurn) {
      const told = subject.run(command);
      model.picked = subject.picked;
      same(`after ${JSON.stringify(command)}`, told, model.run(command));
      subject.check(false);
    }
    await later();
    same('when all have heard', subject.news().join('\n  '), model.news().join('\n  '));
    subject.check(true);
  }
}

function same(what: string, told: string, expected: string): void {
  if (told !== expected) throw new Error(`${what}:\n  expected ${expected}\n  got      ${told}`);
}
