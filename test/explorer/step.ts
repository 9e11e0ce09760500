import type { Letter } from './alphabet.js';
import { Token } from './snapshot.js';

/** An operation on channels, as against what is done to a channel or to another actor. */
export type Operation = Extract<Letter, { readonly select: boolean }>;

/** An actor does something: it sends these values, one per end; it aborts what `whom` waits for. */
export interface Step {
  readonly actor: Token;
  readonly letter: Letter;
  readonly values: readonly Token[];
  readonly whom?: Token | undefined;
}

/** What programs are run on: the library, or the model. Both must tell the same after each step. */
export interface Side {
  /** Who waits, in the order in which they came. */
  readonly waiting: ReadonlyMap<Token, unknown>;
  perform(step: Step): void;
  /** What every actor was last told, what was dropped, and how the channels stand. */
  tell(actors: readonly Token[]): string[];
  /** All that decides what will happen. */
  roots(): unknown[];
}

export const ABORT = new Token('the abort');
export const BOOM = new Token('boom');

/** What an actor is told: of a select, which case it was. */
export const told = ({ select }: Operation, place: number | string, what: string) =>
  select ? `case ${place}, ${what}` : what;

export function tellError(error: unknown): string {
  if (error instanceof Token) return error === ABORT ? 'aborted' : `failed with ${error.name}`;
  const { code, value } = error as { readonly code?: string; readonly value?: Token };
  return code === undefined ? String(error) : `${code} of ${value?.name}`;
}

export const WAITS = 'waits';
export const NOTHING_NOW = 'nothing now';

export const tellChannel = (
  length: number,
  waiting: number,
  available: number,
  arrived: number,
  closed: boolean,
) =>
  `holds ${length}, ${waiting} wait, room for ${available}, ${arrived} came${closed ? ', closed' : ''}`;

/** What both sides tell, in the same words. */
export function tellAll(
  actors: readonly Token[],
  heard: ReadonlyMap<Token, string>,
  drops: string,
  channels: readonly string[],
): string[] {
  const all = actors.map((actor) => `${actor.name}: ${heard.get(actor) ?? 'nothing yet'}`);
  return [...all, `dropped:${drops}`, ...channels.map((one, on) => `${nameOf(on)}: ${one}`)];
}

const nameOf = (on: number) => 'ab'.charAt(on);

/** A step, as one would write it. */
export function tellStep({ actor, letter, values, whom }: Step): string {
  const end = ({ kind, on }: Operation['ends'][number], place: number) =>
    kind === 'send' ? `send ${values[place]?.name} on ${nameOf(on)}` : `receive from ${nameOf(on)}`;
  const what = () => {
    switch (letter.does) {
      case 'close':
        return `close ${nameOf(letter.on)}`;
      case 'fail':
        return `close ${nameOf(letter.on)} with ${BOOM.name}`;
      case 'cancel':
        return `cancel ${nameOf(letter.on)}`;
      case 'abort':
        return `abort ${whom?.name}`;
      default: {
        const ends = letter.ends.map(end).join(', ');
        const how = { wait: '', try: 'try to ', late: 'aborted before, ' }[letter.does];
        return how + (letter.select ? `select { ${ends} }` : ends);
      }
    }
  };
  return `${actor.name}: ${what()}`;
}
