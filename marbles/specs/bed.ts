import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { expect, it } from 'vitest';

/** A marble spec: its title states the property that the diagram shows. */
export function spec(title: string, flow: (helpers: RunHelpers) => void): void {
  it(title, () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(flow);
  });
}
