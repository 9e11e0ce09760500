/** The colours of vitest and jest, as their matchers have them. */
export interface RunnerColours {
  readonly EXPECTED_COLOR?: (text: string) => string;
  readonly RECEIVED_COLOR?: (text: string) => string;
  readonly INVERTED_COLOR?: (text: string) => string;
  readonly BOLD_WEIGHT?: (text: string) => string;
  readonly DIM_COLOR?: (text: string) => string;
}

/** Colours a text, or leaves it as it is. */
type Colour = (text: string) => string;

/** The colours of a failure's text. */
export interface Paint {
  readonly expected: Colour;
  readonly actual: Colour;
  /** For what is between the two. */
  readonly marked: Colour;
  readonly bold: Colour;
  readonly dim: Colour;
}

/** Plain, where a runner has no colours. */
export function paintOf(colours: RunnerColours = {}): Paint {
  // A runner's colours must not be given an empty text: some answer with bare escapes.
  const or =
    (colour: Colour = (text) => text): Colour =>
    (text) =>
      text === '' ? '' : colour(text);
  return {
    expected: or(colours.EXPECTED_COLOR),
    actual: or(colours.RECEIVED_COLOR),
    marked: or(colours.INVERTED_COLOR),
    bold: or(colours.BOLD_WEIGHT),
    dim: or(colours.DIM_COLOR),
  };
}
