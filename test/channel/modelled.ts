import type { WaitOptions } from 'rxjs-sluice';
import { Reference, type Outcome, type Wish } from './reference.js';
import type { Case, Chosen, End, Make, Result } from './subject.js';

type Model = Reference<number>;

const nothing = () => {};

/** A wish, and the name of the case that it comes from. */
type Named = Wish<number> & { readonly name: string };

/** The model, as programs see the library. */
export const modelled: Make = (kinds, onDrop) => {
  const model: Model = new Reference(kinds, onDrop);
  const poll = (wishes: Named[]) => {
    const outcome = model.attempt(wishes);
    return outcome && chosen(wishes, outcome);
  };
  return {
    channels: kinds.map((_, on) => new ModelledEnd(model, on)),
    select: (cases, options) => {
      const wishes = wishesOf(cases, model.now);
      if (wishes.length === 0 && options.signal === undefined) {
        return Promise.reject(new TypeError('no case that can happen'));
      }
      return begin(model, wishes, options, (outcome) => chosen(wishes, outcome));
    },
    trySelect: (cases) => poll(wishesOf(cases, model.now)),
    pick: (cases, _, place) => {
      const isPicked = ({ name }: Named) => name === nameOf(place);
      const wishes = wishesOf(cases, model.now);
      return poll([...wishes.filter(isPicked), ...wishes.filter((wish) => !isPicked(wish))]);
    },
    advance: (ms) => model.advance(ms),
    get armed() {
      return model.all('clock', 'time').length;
    },
  };
};

const nameOf = (place: number | undefined) => `case ${place}`;

function wishesOf(cases: readonly Case[], now: number): Named[] {
  return cases.flatMap((one, place): Named[] => {
    const name = nameOf(place);
    switch (one.kind) {
      case 'nil':
        return [];
      case 'after':
        return [{ name, kind: 'time', on: 'clock', at: now + one.ms }];
      default:
        return [{ name, ...one }];
    }
  });
}

const chosen = (wishes: readonly Named[], outcome: Outcome<number>): Chosen => ({
  case: wishes[outcome.place]!.name,
  ...resultOf(outcome),
});

/** What somebody who receives gets; throws where the wish failed. */
function resultOf(outcome: Outcome<number>): Result | undefined {
  if (outcome.how === 'failed') throw outcome.error;
  if (outcome.how === 'received') return { done: false, value: outcome.value };
  return outcome.how === 'done' ? { done: true, value: undefined } : undefined;
}

/** Waits until one of the wishes comes true, or the signal aborts. */
function begin<R>(
  model: Model,
  wishes: readonly Wish<number>[],
  { signal }: WaitOptions,
  toResult: (outcome: Outcome<number>) => R,
): Promise<R> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let waits = true;
    let leave = () => waits;
    const quit = () => {
      signal?.removeEventListener('abort', quit);
      if (leave()) reject(signal?.reason);
    };
    const settle = (outcome: Outcome<number>) => {
      waits = false;
      signal?.removeEventListener('abort', quit);
      try {
        resolve(toResult(outcome));
      } catch (error) {
        reject(error);
      }
    };
    const outcome = model.attempt(wishes);
    if (outcome !== undefined) return settle(outcome);
    leave = model.wait(wishes, settle);
    if (signal?.aborted) quit();
    else if (waits) signal?.addEventListener('abort', quit);
  });
}

class ModelledEnd implements End {
  readonly capacity: number;

  constructor(
    private readonly model: Model,
    private readonly on: number,
  ) {
    this.capacity = this.state.capacity;
  }

  get length(): number {
    return this.state.held.length;
  }

  get closed(): boolean {
    return this.state.end !== undefined;
  }

  get available(): number {
    return this.closed ? 0 : this.model.room(this.on);
  }

  get waiting(): number {
    return this.length + this.model.all(this.on, 'send').length;
  }

  get arrived(): number {
    return this.state.arrived;
  }

  trySend(value: number): boolean {
    const outcome = this.model.attempt([this.sending(value)]);
    if (outcome !== undefined) resultOf(outcome);
    return outcome !== undefined;
  }

  send(value: number, options: WaitOptions = {}): Promise<void> {
    return begin(this.model, [this.sending(value)], options, (outcome) => void resultOf(outcome));
  }

  tryReceive(): Result | undefined {
    const outcome = this.model.attempt([this.receiving]);
    return outcome && resultOf(outcome);
  }

  receive(options: WaitOptions = {}): Promise<Result> {
    return begin(this.model, [this.receiving], options, (outcome) => resultOf(outcome)!);
  }

  receiveWith(received: (result: Result) => void, failed: (error: unknown) => void): () => void {
    const settle = (outcome: Outcome<number>) => {
      if (outcome.how === 'failed') failed(outcome.error);
      else received(resultOf(outcome)!);
    };
    const outcome = this.model.attempt([this.receiving]);
    if (outcome === undefined) return this.model.wait([this.receiving], settle);
    settle(outcome);
    return nothing;
  }

  onAvailable(resume: () => void): () => void {
    return this.closed ? nothing : this.model.wait([{ kind: 'room', on: this.on }], resume);
  }

  close(error?: unknown): void {
    this.model.close(this.on, error);
  }

  cancel(reason?: unknown): void {
    this.model.cancel(this.on, reason);
  }

  private get state() {
    return this.model.channels[this.on]!;
  }

  private get receiving() {
    return { kind: 'receive', on: this.on } as const;
  }

  private sending(value: number) {
    return { kind: 'send', on: this.on, value } as const;
  }
}
