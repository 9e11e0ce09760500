import type { InstalledRxjs } from '../../support/installed-rxjs.js';
import type { Build } from '../experiment.js';

/** Where the probe stands: as the operator's source, as what it subscribes for a value, as a signal. */
export type Input = 'source' | 'inner' | 'notifier';

/** One input of one stock operator or creation function, used in one way. */
export interface Entry {
  /** The name under which rxjs exports it. */
  readonly name: string;
  readonly input: Input;
  readonly build: Build;
  /** How it is used, where that decides. */
  readonly use?: string;
  /** What is good to know about the class that it is in. */
  readonly note?: string;
  /** What does the same and keeps the link true. */
  readonly instead?: string;
  /** The installed rxjs versions that have no such export. */
  readonly missing?: readonly InstalledRxjs[];
}

/** What may be said of an entry besides. */
export type Remarks = Omit<Entry, 'name' | 'input' | 'build'>;

/** The operator's source is the probe. */
export const source = (name: string, build: Build, remarks: Remarks = {}): Entry => ({
  name,
  input: 'source',
  build,
  ...remarks,
});

/** The operator subscribes the probe for a value of its source, or after its end. */
export const inner = (name: string, build: Build, remarks: Remarks = {}): Entry => ({
  ...source(name, build, remarks),
  input: 'inner',
});

/** The probe tells the operator when; what it tells is nothing that goes on. */
export const notifier = (name: string, build: Build, remarks: Remarks = {}): Entry => ({
  ...source(name, build, remarks),
  input: 'notifier',
});
