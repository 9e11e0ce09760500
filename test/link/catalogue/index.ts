import type { LinkClass } from '../experiment.js';
import { cut } from './cut.js';
import type { Entry } from './entry.js';
import { notifiers } from './notifier.js';
import { opaque } from './opaque.js';
import { transparent } from './transparent.js';
import { wrongStage } from './wrong-stage.js';

export { withoutInput } from './without-input.js';
export type { Entry } from './entry.js';

/** Every stock operator and creation function that has an input, by what becomes of a link through it. */
export const catalogue: Readonly<Record<LinkClass, readonly Entry[]>> = {
  transparent,
  opaque,
  'wrong stage': wrongStage,
  notifier: notifiers,
  cut,
};
