import type { Kind } from '../channel/subject.js';
import { Modelled } from './modelled.js';
import { tellStep, type Step } from './step.js';

/** The library does not do as the model does. Tells the steps, and what the model makes of them. */
export class Divergence extends Error {
  constructor(
    kinds: readonly Kind[],
    readonly path: readonly Step[],
    difference: string,
  ) {
    const model = new Modelled(kinds);
    const lines = path.map((step, n) => {
      const before = new Map(model.heard);
      model.perform(step);
      const news = [...model.heard].filter(([actor, what]) => before.get(actor) !== what);
      const told = news.map(([{ name }, what]) => ` → ${name} ${what}`);
      return `${n + 1}. ${tellStep(step)}${told.join('')}`;
    });
    super(['', ...lines, difference].join('\n'));
  }
}
