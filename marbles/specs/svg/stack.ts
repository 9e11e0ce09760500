import { marbleHeight, type Marble } from './marble.js';
import { around, rect, type Shape } from './shapes.js';

/** The values of one frame: one below the other, in order; beyond a height, in several columns. */
export interface Stack {
  readonly width: number;
  readonly height: number;
  readonly draw: (x: number, y: number) => Shape[];
}

const highest = 4;
const between = 3;
/** Around what belongs to one frame. */
const rim = 3;

export function stackOf(marbles: readonly Marble[]): Stack {
  const columnCount = Math.ceil(marbles.length / highest);
  const perColumn = Math.ceil(marbles.length / columnCount);
  const columns = Array.from({ length: columnCount }, (_, index) => {
    const column = marbles.slice(index * perColumn, (index + 1) * perColumn);
    return { column, width: Math.max(...column.map(({ width }) => width)) };
  });
  const inner = {
    width: columns.reduce((all, { width }) => all + width + between, -between),
    height: perColumn * (marbleHeight + between) - between,
  };
  const several = marbles.length > 1;
  const width = inner.width + (several ? 2 * rim : 0);
  const height = inner.height + (several ? 2 * rim : 0);
  return {
    width,
    height,
    draw(x, y) {
      const shapes: Shape[] = several
        ? [rect(around(x, y, width, height), marbleHeight / 2 + rim, 'instant')]
        : [];
      let left = x - inner.width / 2;
      for (const column of columns) {
        const top = y - inner.height / 2 + marbleHeight / 2;
        for (const [index, marble] of column.column.entries()) {
          shapes.push(
            ...marble.draw(left + column.width / 2, top + index * (marbleHeight + between)),
          );
        }
        left += column.width + between;
      }
      return shapes;
    },
  };
}
