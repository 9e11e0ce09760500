import type { Shape } from './shapes.js';
import type { Room } from './spacing.js';
import type { TimeScale } from './time-scale.js';

/** A row that knows its own measures, and can be drawn once all rows have agreed on the time scale. */
export interface Lane {
  readonly height: number;
  /** Where its label is centred, from its top. */
  readonly middle: number;
  /** A second, quieter line under its label. */
  readonly note?: string;
  /** In order of frames. */
  readonly rooms: readonly Room[];
  readonly draw: (time: TimeScale, top: number) => Drawing;
}

/** What lies under the marks of broken time, and what lies above them. */
export interface Drawing {
  readonly under: readonly Shape[];
  readonly over: readonly Shape[];
}
