import type {
  DropReason,
  Overflow,
  ReceiveChannel,
  SelectCase,
  SendChannel,
  WaitOptions,
} from 'rxjs-sluice';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { HandClock } from '../support/hand-clock.js';
import type { Library } from '../support/library-copy.js';

/** How many places a channel has, and what becomes of a value that finds none. */
export interface Kind {
  readonly capacity: number;
  readonly overflow: Overflow;
}

export type Result = IteratorResult<number, undefined>;

/** Both ends of a channel. `for await` is `receive` again and again. */
export type End = Omit<SendChannel<number> & ReceiveChannel<number>, typeof Symbol.asyncIterator>;

/** A case of a select; `nil` is none. */
export type Case =
  | { readonly kind: 'receive'; readonly on: number }
  | { readonly kind: 'send'; readonly on: number; readonly value: number }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'nil' };

/** What a select results in; `case` is the place of the case among the others. */
export interface Chosen {
  readonly case: string;
  readonly done?: boolean | undefined;
  readonly value?: number | undefined;
}

/** What programs are compared on: some channels, select over them, and time. */
export interface Subject {
  readonly channels: readonly End[];
  /** Of several cases that are ready, the first happens. */
  select(cases: readonly Case[], options: WaitOptions): Promise<Chosen>;
  trySelect(cases: readonly Case[]): Chosen | undefined;
  /** As `trySelect`, but of several that are ready any happens: by chance, or the one at `place`. */
  pick(cases: readonly Case[], chance: number, place: number | undefined): Chosen | undefined;
  advance(ms: number): void;
  /** How many timers are armed. */
  readonly armed: number;
}

/** Makes a subject for a trial. */
export type Make = (
  kinds: readonly Kind[],
  onDrop: (value: number, reason: DropReason) => void,
) => Subject;

const declared = { order: 'declared' } as const;

/** The library, or a copy of it. */
export const subjectFrom =
  (library: Library): Make =>
  (kinds, onDrop) => {
    const time = new HandClock();
    const clock = schedulerClock(time);
    const channels = kinds.map(
      ({ capacity, overflow }) => new library.Channel<number>(capacity, { overflow, onDrop }),
    );
    const caseFor = (one: Case): SelectCase<Omit<Chosen, 'case'>> | undefined => {
      switch (one.kind) {
        case 'receive':
          return library.recv(channels[one.on]!);
        case 'send':
          return library.send(channels[one.on]!, one.value);
        case 'after':
          return library.after(one.ms);
        case 'nil':
          return undefined;
      }
    };
    // Names that are no numbers keep their order in an object.
    const named = (cases: readonly Case[]) =>
      Object.fromEntries(cases.map((one, place) => [`case ${place}`, caseFor(one)]));
    return {
      channels,
      select: (cases, options) => library.select(named(cases), { ...options, ...declared, clock }),
      trySelect: (cases) => library.trySelect(named(cases), declared),
      pick: (cases, chance) => library.trySelect(named(cases), { random: () => chance }),
      advance: (ms) => time.advance(ms),
      get armed() {
        return time.armed;
      },
    };
  };
