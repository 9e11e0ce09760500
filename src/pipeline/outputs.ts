import type { ReceiveChannel } from '../channel/types.js';

/** `N` channels: a tuple where `N` is a number that is written down (and not above 32), else an array. */
export type Outputs<T, N extends number, Made extends ReceiveChannel<T>[] = []> = N extends number
  ? number extends N
    ? ReceiveChannel<T>[]
    : Made['length'] extends N
      ? Made
      : Made['length'] extends 32
        ? ReceiveChannel<T>[]
        : Outputs<T, N, [...Made, ReceiveChannel<T>]>
  : never;
