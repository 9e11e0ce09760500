/** A name, and nothing else: a value, an actor, an error. Which one it is shows only where it recurs. */
export class Token {
  constructor(readonly name: string) {}
}

/** Counts that only grow. Between two calls nothing is decided by them. */
const counts = new Set(['arrived', 'received', 'dropped', 'round']);

interface Circle {
  readonly slots: readonly unknown[];
  readonly head: number;
}

/**
 * All that can be reached from `roots`, as text. Two texts are the same just where the one turns into the
 * other when the tokens are given other names: then whatever is done to both comes to the same.
 *
 * A function is told by the `actor` that it is marked with, if any; what it closes over cannot be seen. A
 * ring is told from its oldest value on: where that stands in the circle is the ring's own affair
 * (test/unit/ring.test.ts).
 */
export function snapshot(roots: readonly unknown[]): string {
  const met = new Map<object, number>();
  let text = '';

  const tell = (at: unknown): void => {
    if (at === undefined) {
      text += '-';
    } else if (typeof at === 'function') {
      text += 'f';
      const { actor } = at as { readonly actor?: Token };
      if (actor !== undefined) tell(actor);
    } else if (typeof at !== 'object' || at === null) {
      text += `${at as string | number | boolean | null},`;
    } else {
      tellObject(at);
    }
  };

  const tellObject = (at: object): void => {
    const before = met.get(at);
    if (before !== undefined) {
      text += `#${before} `;
      return;
    }
    met.set(at, met.size);
    if (at instanceof Token) {
      text += 't';
      return;
    }
    text += '{';
    if ('slots' in at) tellCircle(at as Circle);
    for (const key in at) {
      if (key === 'slots' || key === 'head' || counts.has(key)) continue;
      tell((at as Readonly<Record<string, unknown>>)[key]);
    }
    text += '}';
  };

  const tellCircle = ({ slots, head }: Circle): void => {
    for (let n = 0; n < slots.length; n++) tell(slots[(head + n) % slots.length]);
  };

  roots.forEach(tell);
  return text;
}
