/** One end of a channel: what a plain operation, or a case of a select, is about. */
export interface End {
  readonly kind: 'receive' | 'send';
  readonly on: number;
}

/** Something that an actor can do. */
export type Letter =
  | {
      /** Waits until it can happen; only tries; or would wait, but its signal has aborted before. */
      readonly does: 'wait' | 'try' | 'late';
      /** One end; under `select` the cases, in the order in which they are declared. */
      readonly ends: readonly End[];
      readonly select: boolean;
    }
  | { readonly does: 'close' | 'fail' | 'cancel'; readonly on: number }
  /** Aborts what another waits for: the one who has waited longest, the next, … */
  | { readonly does: 'abort'; readonly whom: number };

/**
 * All that an actor can do on so many channels: every plain operation; every select over different ends,
 * in every order of its cases, and every trySelect of up to two; on one channel also over an end twice.
 */
export function alphabet(channels: number, actors: number): readonly Letter[] {
  const all = Array.from({ length: channels }, (_, on) => on);
  const ends = all.flatMap((on): End[] => [
    { kind: 'receive', on },
    { kind: 'send', on },
  ]);
  const twice = channels === 1 ? ends.map((end) => [end, end]) : [];
  const lists = [...arrangements(ends), ...twice];
  const longest = { wait: ends.length, try: 2, late: 1 };
  return [
    ...(['wait', 'try', 'late'] as const).flatMap((does) => [
      ...ends.map((end): Letter => ({ does, ends: [end], select: false })),
      ...lists
        .filter(({ length }) => length <= longest[does])
        .map((cases): Letter => ({ does, ends: cases, select: true })),
    ]),
    ...all.flatMap((on): Letter[] => [
      { does: 'close', on },
      { does: 'fail', on },
      { does: 'cancel', on },
    ]),
    ...Array.from({ length: actors - 1 }, (_, whom): Letter => ({ does: 'abort', whom })),
  ];
}

/** Every choice of one or more of these, in every order. */
function arrangements(ends: readonly End[]): End[][] {
  return ends.flatMap((first) => [
    [first],
    ...arrangements(ends.filter((end) => end !== first)).map((rest) => [first, ...rest]),
  ]);
}
