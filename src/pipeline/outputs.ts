import type { ReceiveChannel } from '../channel/types.js';

/** `N` channels: a tuple where `N` is a number that is written down (and not above 32), else an array. */
export type Outputs<T, N extends number> = N extends number
  ? number extends N
    ? ReceiveChannel<T>[]
    : Counted<ReceiveChannel<T>, N>
  : never;

type Counted<C, N extends number, Made extends C[] = []> = Made['length'] extends N
  ? Made
  : Made['length'] extends 32
    ? C[]
    : Counted<C, N, [...Made, C]>;
