import { describe, expect, it } from 'vitest';
import { ChannelOverflowError } from 'rxjs-sluice';
import { Line, checkLineOptions, type DropReason, type Overflow } from '../../src/line/line.js';
import { NotedLine } from '../../src/line/noted-line.js';
import { Ring, valueAt } from '../../src/line/ring.js';
import { uncaughtBy } from '../support/uncaught-by.js';

const contents = <T>(line: Line<T>) =>
  Array.from({ length: line.length }, (_, i) => valueAt(line, i));

/** Puts 1, 2 and 3 where there are `places`. */
function put(overflow: Overflow, places: number, maxParked = 0) {
  const drops: [number, DropReason][] = [];
  const line = new Line<number>(overflow, maxParked, (value, reason) =>
    drops.push([value, reason]),
  );
  const errors = [1, 2, 3].map((value) => line.put(value, places));
  return { line, drops, errors, held: contents(line) };
}
describe('a value that finds no place', () => {
  it("is parked behind the others under 'block'", () => {
    const { held, errors, drops } = put('block', 1, 2);
    expect({ held, errors, drops }).toEqual({
      held: [1, 2, 3],
      errors: [undefined, undefined, undefined],
      drops: [],
    });
  });

  it("takes the place of the oldest under 'drop-oldest'", () => {
    const { line, held, errors, drops } = put('drop-oldest', 2);
    expect({ held, errors, drops }).toEqual({
      held: [2, 3],
      errors: [undefined, undefined, undefined],
      drops: [[1, 'overflow']],
    });
    expect(line.dropped).toBe(1);
  });

  it("goes under 'drop-newest'", () => {
    const { held, errors, drops } = put('drop-newest', 2);
    expect({ held, errors, drops }).toEqual({
      held: [1, 2],
      errors: [undefined, undefined, undefined],
      drops: [[3, 'overflow']],
    });
  });

  it.each<[Overflow, number]>([
    ['error', 0],
    ['block', 1],
  ])("fails under '%s' with %i parked, and is dropped", (overflow, maxParked) => {
    const places = 2 - maxParked;
    const { held, errors, drops } = put(overflow, places, maxParked);
    expect([held, drops]).toEqual([[1, 2], [[3, 'overflow']]]);
    expect(errors.slice(0, 2)).toEqual([undefined, undefined]);
    expect(errors[2]).toBeInstanceOf(ChannelOverflowError);
    expect(errors[2]).toMatchObject({ waiting: 2, capacity: places, value: 3 });
  });

  it.each<Overflow>(['drop-oldest', 'drop-newest', 'error'])(
    "goes under '%s' where there are no places at all",
    (overflow) => {
      const { held, drops } = put(overflow, 0);
      expect([held, drops.map(([value]) => value)]).toEqual([[], [1, 2, 3]]);
    },
  );

  it('has been dealt with when onDrop hears of another', () => {
    const seen: number[][] = [];
    const line = new Line<number>('drop-oldest', 0, () => seen.push(contents(line)));
    for (const value of [1, 2, 3]) line.put(value, 1);
    expect(seen).toEqual([[2], [3]]);
  });
});

describe('clear', () => {
  it('drops all that stands in line, oldest first, with the reason', () => {
    const { line, drops } = put('block', 3);
    line.clear('unsubscribed');
    expect([line.length, line.dropped]).toEqual([0, 3]);
    expect(drops).toEqual([1, 2, 3].map((value) => [value, 'unsubscribed']));
  });

  it('drops the rest where onDrop throws, throws what it threw first, and tells the host the rest', async () => {
    const heard: number[] = [];
    const line = new Line<number>('block', 0, (value) => {
      heard.push(value);
      throw new Error(`drop ${value}`);
    });
    for (const value of [1, 2, 3]) line.put(value, 3);
    const told = await uncaughtBy(() =>
      expect(() => line.clear('error')).toThrow(new Error('drop 1')),
    );
    expect(told).toEqual([new Error('drop 2'), new Error('drop 3')]);
    expect([heard, line.length, line.dropped]).toEqual([[1, 2, 3], 0, 3]);
  });

  it('throws even an undefined that onDrop threw', () => {
    const line = new Line<number>('block', 0, () => {
      throw undefined;
    });
    line.put(1, 1);
    let threw = false;
    try {
      line.clear('error');
    } catch {
      threw = true;
    }
    expect(threw).toBe(true);
  });

  it('drops what onDrop puts in line, too', () => {
    const heard: number[] = [];
    const line = new Line<number>('block', 0, (value) => {
      heard.push(value);
      if (value < 3) line.put(value + 1, 1);
    });
    line.put(1, 1);
    line.clear('cancelled');
    expect([heard, line.length]).toEqual([[1, 2, 3], 0]);
  });
});

describe('a note', () => {
  const noted = (overflow: Overflow) => {
    const line = new NotedLine<string, number>(overflow, 0, undefined);
    line.notes = new Ring();
    ['a', 'b', 'c', 'd'].forEach((value, i) =>
      line.put(value, 3 + Number(overflow === 'block'), i),
    );
    return line;
  };
  const notesOf = (line: NotedLine<string, number>) =>
    Array.from({ length: line.notes!.length }, (_, i) => valueAt(line.notes!, i));

  it('stays beside its value, wherever values are taken out', () => {
    const line = noted('block');
    expect([line.takeAt(2), contents(line), notesOf(line)]).toEqual([
      'c',
      ['a', 'b', 'd'],
      [0, 1, 3],
    ]);
    expect([line.take(), contents(line), notesOf(line)]).toEqual(['a', ['b', 'd'], [1, 3]]);
    expect([line.takeMany(2), contents(line), notesOf(line)]).toEqual([['b', 'd'], [], []]);
  });

  it('goes with its value when that is dropped', () => {
    const line = noted('drop-oldest');
    expect([contents(line), notesOf(line)]).toEqual([
      ['b', 'c', 'd'],
      [1, 2, 3],
    ]);
    line.clear('cancelled');
    expect(notesOf(line)).toEqual([]);
  });

  it('of a value that finds no place is not taken', () => {
    const line = noted('drop-newest');
    expect([contents(line), notesOf(line)]).toEqual([
      ['a', 'b', 'c'],
      [0, 1, 2],
    ]);
  });

  it('is not kept where none are wanted', () => {
    const line = new NotedLine<string, number>('block', 0, undefined);
    line.put('a', 2, 7);
    line.put('b', 2, 8);
    expect([line.takeAt(1), line.takeMany(1), line.notes]).toEqual(['b', ['a'], undefined]);
  });
});

describe('options', () => {
  it('that name no policy are refused', () => {
    expect(() => checkLineOptions({ overflow: 'drop' as Overflow })).toThrow(
      'Expected `overflow` to be one of "block", "drop-oldest", "drop-newest", "error", got "drop"',
    );
  });

  it('that no drop can be told to are refused', () => {
    expect(() => checkLineOptions({ onDrop: 5 as never })).toThrow(
      'Expected `onDrop` to be a function, got 5',
    );
  });

  it('need not be there', () => {
    expect(() => checkLineOptions({ overflow: undefined, onDrop: undefined })).not.toThrow();
  });
});
