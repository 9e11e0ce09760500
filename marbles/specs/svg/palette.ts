/**
 * The colours of a picture, in light and in dark. A value's colour differs from the others' in hue and also in
 * lightness, for those who tell hues apart badly; what is written on it has a contrast of 4.5:1 or more.
 */
export interface Hue {
  readonly fill: string;
  /** What is written on it. */
  readonly text: string;
  /** Its outline, and its line on the card: 3:1 against the card even where the fill is pale. */
  readonly edge: string;
}

export interface Scheme {
  readonly card: string;
  readonly rim: string;
  readonly ink: string;
  /** Labels and numbers that come second. */
  readonly quiet: string;
  readonly line: string;
  readonly guide: string;
  /** The operator's box. */
  readonly box: string;
  readonly boxRim: string;
  /** Several values of one frame, and the values of a notifier. */
  readonly instant: string;
  readonly held: string;
  readonly heldEdge: string;
  /** Above the capacity. */
  readonly parked: string;
  readonly parkedEdge: string;
  readonly demand: string;
  /** Errors, and the cross on what is dropped. */
  readonly wrong: string;
  readonly hues: readonly Hue[];
}

const [white, black] = ['#ffffff', '#10151c'];
const strong = (fill: string): Hue => ({ fill, text: white, edge: fill });
const pale = (fill: string, edge: string): Hue => ({ fill, text: black, edge });
const bright = (fill: string): Hue => ({ fill, text: black, edge: fill });

const light: Scheme = {
  card: '#ffffff',
  rim: '#d1d9e0',
  ink: '#1f2328',
  quiet: '#59636e',
  line: '#818b98',
  guide: '#e6eaef',
  box: '#eef4fb',
  boxRim: '#8fb6e3',
  instant: '#e6eaef',
  held: '#cfe8fb',
  heldEdge: '#0969da',
  parked: '#ffd9b0',
  parkedEdge: '#bc4c00',
  demand: '#bc4c00',
  wrong: '#cf222e',
  hues: [
    strong('#026cd1'), // blue
    pale('#f3992f', '#ac6602'), // orange
    strong('#05673a'), // green
    pale('#f9a5cd', '#ab5e84'), // pink
    strong('#6225a5'), // purple
    pale('#80dde8', '#19838d'), // cyan
    strong('#b7322e'), // red
    pale('#d4ea70', '#6f7e03'), // lime
  ],
};

const dark: Scheme = {
  card: '#0d1117',
  rim: '#3d444d',
  ink: '#f0f6fc',
  quiet: '#9198a1',
  line: '#767e89',
  guide: '#1f262e',
  box: '#14233a',
  boxRim: '#335a8c',
  instant: '#2a313a',
  held: '#163356',
  heldEdge: '#4493f8',
  parked: '#5a3312',
  parkedEdge: '#f0883e',
  demand: '#f0883e',
  wrong: '#ff7b72',
  hues: [
    bright('#61a3f6'),
    bright('#f9a750'),
    bright('#50c07f'),
    bright('#fdb0d4'),
    bright('#a076e2'),
    bright('#8ee5ee'),
    bright('#ee6f64'),
    bright('#daf076'),
  ],
};

export const schemes = { light, dark } as const;

export const hueCount = light.hues.length;
