import fc from 'fast-check';
import type { Overflow } from 'rxjs-sluice';
import { turns } from './commands.js';
import { modelled } from './modelled.js';
import type { Kind, Make } from './subject.js';
import { Trial, compare } from './trial.js';

export const capacities = [0, 1, 2, 3, 7];
export const policies: Overflow[] = ['block', 'drop-oldest', 'drop-newest', 'error'];

const kind: fc.Arbitrary<Kind> = fc.record({
  capacity: fc.constantFrom(...capacities),
  overflow: fc.constantFrom(...policies),
});

/** Two channels that `make` makes, the first of them such a one, do as the model does, whatever is done. */
export const likeTheModel = (make: Make, first: Kind) =>
  fc.asyncProperty(kind, turns, (second, script) => {
    const kinds = [first, second];
    return compare(new Trial(make, kinds), new Trial(modelled, kinds), script);
  });
