/** What one symbol of a marble diagram stands for, and the frame at which it stands. */
export type Mark =
  | { readonly frame: number; readonly kind: 'next'; readonly symbol: string }
  | { readonly frame: number; readonly kind: Exclude<Kind, 'next'> };

/** `a` is next, `|` complete, `#` error, `^` subscribe, `!` unsubscribe. */
export type Kind = 'next' | 'complete' | 'error' | 'subscribe' | 'unsubscribe';

/** A marble diagram that was read. */
export interface Diagram {
  /** In order; those of one frame in the order in which they happen. */
  readonly marks: readonly Mark[];
  /** How many frames it spans from frame 0 on, its idle end included. */
  readonly length: number;
}
