import { Subject } from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { StageMeter, toAsyncIterable, type DropReason } from 'rxjs-sluice/operators';
import { expectSame } from './programs.js';

/** What its consumer and its source do to an iterator that `toAsyncIterable` has made. */
export type ReadingOperation = 'next' | 'return' | 'push' | 'complete' | 'error';

export const readingOperations: readonly ReadingOperation[] = [
  'next',
  'return',
  'push',
  'complete',
  'error',
];

/** What a `next()` or a `return()` comes to. */
type Outcome = number | 'done' | 'error' | 'pending';

/** What should come of a program: a queue of values, one of those who ask, and an end. */
class ExpectedReading {
  readonly outcomes: Outcome[] = [];
  readonly dropped: [value: number, reason: DropReason][] = [];
  private readonly held: number[] = [];
  private readonly asking: number[] = [];
  private state: 'unread' | 'reading' | 'over' = 'unread';
  private ending: 'done' | 'error' | undefined;
  /** How the source has ended; it says so to whoever subscribes later, too. */
  private source: 'done' | 'error' | undefined;
  private untold = false;

  constructor(private readonly immediate: boolean) {}

  get observed(): boolean {
    return this.state === 'reading' && this.ending === undefined;
  }

  run(operation: ReadingOperation, value: number): void {
    if (operation === 'next') this.next();
    else if (operation === 'return') this.leave();
    else if (this.source !== undefined) return;
    else if (operation !== 'push') this.sourceEnds(operation === 'error' ? 'error' : 'done');
    else if (this.observed) this.push(value);
  }

  private sourceEnds(how: 'done' | 'error'): void {
    const { observed } = this;
    this.source = how;
    if (observed) this.end(how);
  }

  private next(): void {
    const place = this.outcomes.push('pending') - 1;
    if (this.untold) {
      this.untold = false;
      this.outcomes[place] = 'error';
    } else if (this.state === 'over') {
      this.outcomes[place] = 'done';
    } else {
      const isFirst = this.state === 'unread';
      this.state = 'reading';
      this.asking.push(place);
      if (isFirst && this.source !== undefined) this.end(this.source);
      else this.settle();
    }
  }

  private push(value: number): void {
    this.held.push(value);
    this.settle();
  }

  private end(how: 'done' | 'error'): void {
    this.ending = how;
    if (how === 'error' && this.immediate) this.drop('error');
    this.settle();
  }

  private leave(): void {
    this.outcomes.push('done');
    if (this.state === 'over') return;
    this.drop('unsubscribed');
    this.ending = 'done';
    this.settle();
  }

  private drop(reason: DropReason): void {
    for (const value of this.held.splice(0)) this.dropped.push([value, reason]);
  }

  private settle(): void {
    while (this.asking.length > 0 && this.held.length > 0) {
      this.outcomes[this.asking.shift() as number] = this.held.shift() as number;
    }
    if (this.ending === undefined || this.held.length > 0) return;
    this.state = 'over';
    const first = this.asking.shift();
    if (this.ending === 'error' && first === undefined) this.untold = true;
    else if (first !== undefined) this.outcomes[first] = this.ending;
    for (const place of this.asking.splice(0)) this.outcomes[place] = 'done';
  }
}

/** Runs a program, and returns what compares its outcome with the expected one, some turns later. */
export function readingOf(
  program: readonly ReadingOperation[],
  capacity: number,
  errors: 'drain' | 'immediate',
): () => void {
  const source = new Subject<number>();
  const meter = new StageMeter();
  const outcomes: Outcome[] = [];
  const dropped: [number, DropReason][] = [];
  const expected = new ExpectedReading(errors === 'immediate');
  const iterator = toAsyncIterable(source, {
    capacity,
    errors,
    meter,
    onDrop: (value: number, reason) => dropped.push([value, reason]),
  })[Symbol.asyncIterator]();
  const note = (given: Promise<IteratorResult<number>>): void => {
    const place = outcomes.push('pending') - 1;
    given.then(
      ({ done, value }) => (outcomes[place] = done ? 'done' : value),
      () => (outcomes[place] = 'error'),
    );
  };
  program.forEach((operation, value) => {
    expected.run(operation, value);
    if (operation === 'next') note(iterator.next());
    else if (operation === 'return') note(iterator.return!());
    else if (operation === 'push') source.next(value);
    else if (operation === 'complete') source.complete();
    else source.error('source error');
    verifyConservation(meter);
    expectSame(source.observed, expected.observed, program);
  });
  return () => {
    expectSame([outcomes, dropped], [expected.outcomes, expected.dropped], program);
  };
}
