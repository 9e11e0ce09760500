import { from, type ObservableInput } from 'rxjs';
import { check } from '../../src/check.js';
import { Inlet } from './inlet.js';
import { quietly } from './unhandled.js';

/** What a notifier steers. */
interface Steered {
  call(callback: () => void): void;
  fail(error: unknown): void;
}

/**
 * Listens to what a user gave beside the source. It never links. What it fails with, and what its
 * values make fail, is the pipe's error.
 */
export class Notifier<V> extends Inlet<V> {
  constructor(stage: Steered, heard: (value: V) => void, completed: () => void) {
    super(
      {
        receive: (value) => stage.call(() => heard(value)),
        sourceEnded: (failure) => (failure === undefined ? completed() : stage.fail(failure.error)),
      },
      'below',
    );
  }

  /** What its teardown throws keeps nobody from going on. */
  override unsubscribe(): void {
    quietly(() => super.unsubscribe());
  }
}

/** Throws a `TypeError` unless `value` is absent or an ObservableInput. */
export function checkInput(name: string, value: ObservableInput<unknown> | undefined): void {
  try {
    if (value !== undefined) from(value);
  } catch {
    check(false, name, 'an ObservableInput', value);
  }
}
