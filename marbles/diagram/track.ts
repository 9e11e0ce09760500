import type { Kind } from './diagram.js';

/** Something that happened in a flow, or was expected to. */
export type Moment =
  | { readonly frame: number; readonly kind: 'next'; readonly value: unknown }
  | { readonly frame: number; readonly kind: 'error'; readonly error: unknown }
  | { readonly frame: number; readonly kind: Exclude<Kind, 'next' | 'error'> };

/** What happened at one place of a flow, in order. */
export interface Track {
  readonly moments: readonly Moment[];
}
