import type { Kind } from '../channel/subject.js';
import type { Library } from '../support/library-copy.js';
import { alphabet, type Letter } from './alphabet.js';
import { Divergence } from './divergence.js';
import { Pair } from './pair.js';
import { Token } from './snapshot.js';
import type { Step } from './step.js';

/** What there is, and who acts on it. */
export interface Bounds {
  readonly kinds: readonly Kind[];
  readonly actors: number;
}

/** A state, and the fewest steps that lead to it. */
export interface State {
  readonly path: readonly Step[];
  /** How many actors can go on. */
  readonly idle: number;
  /** Where each thing leads to that one of them can do. */
  readonly next: State[];
}

/** All that was found out, and no divergence among it. */
export interface Explored {
  readonly letters: number;
  readonly start: State;
  readonly states: number;
  /** After how many steps the last of the states is reached first. */
  readonly depth: number;
  /** How many steps had to be run and compared. */
  readonly steps: number;
}

/** A state of a sound library takes fewer steps. */
const DEEPEST = 20;

/**
 * Runs every program, in every order, on the library and on the model.
 *
 * At each step any actor that does not wait does anything there is to do: so every order of every program
 * is a path from the start. A state that was met before is not gone on from, since whatever follows is
 * known; it is all that the library and the model hold, whatever the names of actors and values
 * (`snapshot`). Of the actors that do not wait any is as good as any other, so one of them moves. The
 * search goes by length: the first divergence is a shortest one. It ends where no state is new.
 *
 * @throws {Divergence} where the two part.
 */
export function explore(library: Library, bounds: Bounds): Explored {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // errors are made by the thousand, and compared by what they carry
  try {
    return new Search(library, bounds).run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

class Search {
  private readonly actors: readonly Token[];
  private readonly letters: readonly Letter[];
  private readonly states = new Map<string, State>();
  /** Those that were not gone on from yet. */
  private fresh: State[] = [];
  private steps = 0;

  constructor(
    private readonly library: Library,
    private readonly bounds: Bounds,
  ) {
    const { actors, kinds } = bounds;
    this.actors = actorsOf(actors);
    this.letters = alphabet(kinds.length, actors);
  }

  run(): Explored {
    const start = this.arrive([]);
    for (let depth = 0; depth <= DEEPEST; depth++) {
      const from = this.fresh;
      this.fresh = [];
      for (const state of from) if (state.idle > 0) this.goOn(state);
      if (this.fresh.length > 0) continue;
      const { letters, states, steps } = this;
      return { letters: letters.length, start, states: states.size, depth, steps };
    }
    throw new Error('What the library holds grows and grows, though the model does not');
  }

  private goOn({ path, next }: State): void {
    const { waiting } = this.replay(path).model;
    const actor = this.actors.find((one) => !waiting.has(one))!;
    for (const step of stepsOf(actor, this.letters, [...waiting.keys()], path.length + 1)) {
      next.push(this.arrive([...path, step]));
      this.steps++;
    }
  }

  private arrive(path: readonly Step[]): State {
    const pair = this.replay(path);
    let difference = pair.difference();
    const key = pair.state();
    let state = this.states.get(key);
    if (state === undefined) {
      state = { path, idle: this.actors.length - pair.model.waiting.size, next: [] };
      this.states.set(key, state);
      this.fresh.push(state);
      difference ??= pair.finish();
    }
    if (difference !== undefined) throw new Divergence(this.bounds.kinds, path, difference);
    return state;
  }

  private replay(path: readonly Step[]): Pair {
    const pair = new Pair(this.library, this.bounds.kinds, this.actors);
    for (const step of path) pair.perform(step);
    return pair;
  }
}

/** All that an actor can do as the step of this number, while these wait. */
export function* stepsOf(
  actor: Token,
  letters: readonly Letter[],
  waiting: readonly Token[],
  number: number,
): Iterable<Step> {
  for (const letter of letters) {
    const whom = letter.does === 'abort' ? waiting[letter.whom] : undefined;
    if (letter.does === 'abort' && whom === undefined) continue;
    const ends = 'ends' in letter ? letter.ends : [];
    const values = ends.map(
      (_, place) => new Token(`v${number}${ends.length > 1 ? `.${place}` : ''}`),
    );
    yield { actor, letter, values, whom };
  }
}

/** Who acts. */
export const actorsOf = (count: number): readonly Token[] =>
  Array.from({ length: count }, (_, n) => new Token('ABC'.charAt(n)));
