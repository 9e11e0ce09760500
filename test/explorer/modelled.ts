import { Reference, type Outcome, type Wish } from '../channel/reference.js';
import type { Kind } from '../channel/subject.js';
import type { Token } from './snapshot.js';
import {
  ABORT,
  BOOM,
  NOTHING_NOW,
  WAITS,
  tellAll,
  tellChannel,
  tellError,
  told,
  type Operation,
  type Side,
  type Step,
} from './step.js';

/** A program on the model. */
export class Modelled implements Side {
  /** What gives up the wait. */
  readonly waiting = new Map<Token, () => boolean>();
  readonly heard = new Map<Token, string>();
  private readonly model: Reference<Token>;
  private drops = '';

  constructor(kinds: readonly Kind[]) {
    this.model = new Reference(kinds, ({ name }, reason) => (this.drops += ` ${name} ${reason}`));
  }

  perform({ actor, letter, values, whom }: Step): void {
    switch (letter.does) {
      case 'close':
        return this.model.close(letter.on);
      case 'fail':
        return this.model.close(letter.on, BOOM);
      case 'cancel':
        return this.model.cancel(letter.on);
      case 'abort':
        return this.abort(whom!);
      case 'late':
        return void this.heard.set(actor, tellError(ABORT));
      default:
        return this.operate(actor, letter, values);
    }
  }

  tell(actors: readonly Token[]): string[] {
    const { model, heard, drops } = this;
    const channels = model.channels.map(({ held, end, arrived }, on) => {
      const waiting = held.length + model.all(on, 'send').length;
      const available = end === undefined ? model.room(on) : 0;
      return tellChannel(held.length, waiting, available, arrived, end !== undefined);
    });
    return tellAll(actors, heard, drops, channels);
  }

  roots(): unknown[] {
    return [this.model.channels, this.model.queue];
  }

  private operate(actor: Token, operation: Operation, values: readonly Token[]): void {
    const { model, heard, waiting } = this;
    const wishes = operation.ends.map(({ kind, on }, place): Wish<Token> =>
      kind === 'send' ? { kind, on, value: values[place]! } : { kind, on },
    );
    const settle = (outcome: Outcome<Token>) => {
      waiting.delete(actor);
      heard.set(actor, tellOutcome(operation, outcome));
    };
    const outcome = model.attempt(wishes);
    if (outcome !== undefined) settle(outcome);
    else if (operation.does === 'try') heard.set(actor, NOTHING_NOW);
    else {
      heard.set(actor, WAITS);
      waiting.set(actor, model.wait(wishes, Object.assign(settle, { actor })));
    }
  }

  private abort(whom: Token): void {
    this.waiting.get(whom)!();
    this.waiting.delete(whom);
    this.heard.set(whom, tellError(ABORT));
  }
}

function tellOutcome(operation: Operation, outcome: Outcome<Token>): string {
  switch (outcome.how) {
    case 'failed':
      return tellError(outcome.error);
    case 'received':
      return told(operation, outcome.place, `received ${outcome.value.name}`);
    default:
      return told(operation, outcome.place, outcome.how);
  }
}
