import type { Kind } from '../channel/subject.js';
import type { Library } from '../support/library-copy.js';
import { Modelled } from './modelled.js';
import { Real } from './real.js';
import { Token, snapshot } from './snapshot.js';
import { tellStep, type Step } from './step.js';

/** Whoever closes and drains the channels when a program is over. */
const LAST = new Token('at the end');

/** A program on the library and on the model, step by step. */
export class Pair {
  readonly model;
  private readonly real;
  private readonly all: readonly Token[];

  constructor(
    library: Library,
    private readonly kinds: readonly Kind[],
    actors: readonly Token[],
  ) {
    this.model = new Modelled(kinds);
    this.real = new Real(library, kinds);
    this.all = [...actors, LAST];
  }

  perform(step: Step): void {
    this.model.perform(step);
    this.real.perform(step);
  }

  /** Where the two part, if they do. */
  difference(): string | undefined {
    const expected = this.model.tell(this.all);
    const got = this.real.tell(this.all);
    const parts = expected.flatMap((one, n) =>
      one === got[n] ? [] : [`   expected ${one}\n   got      ${got[n]}`],
    );
    return parts.length === 0 ? undefined : parts.join('\n');
  }

  /** All that decides what can happen from here. */
  state(): string {
    return snapshot([...this.model.roots(), ...this.real.roots()]);
  }

  /** Closes and drains every channel: then nobody may wait, and nothing may be lost or come twice. */
  finish(): string | undefined {
    const receive = { does: 'try', select: false } as const;
    for (const [on, { capacity }] of this.kinds.entries()) {
      const drain = Array.from({ length: capacity + this.all.length }, () => ({
        ...receive,
        ends: [{ kind: 'receive', on } as const],
      }));
      for (const letter of [{ does: 'close', on } as const, ...drain]) {
        const step = { actor: LAST, letter, values: [] };
        this.perform(step);
        const difference = this.difference();
        if (difference !== undefined) return `${tellStep(step)}\n${difference}`;
      }
    }
    const { came, went } = this.real.ledger();
    const { size } = this.real.waiting;
    return size === 0 && came === went
      ? undefined
      : `at the end ${size} wait; there came ${came}; there went ${went}`;
  }
}
