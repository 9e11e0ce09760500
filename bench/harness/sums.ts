/** 1 + 2 + … + count: the checksum of most sections. No value is 0, which could be lost or doubled unnoticed. */
export function sumTo(count: number): number {
  return (count * (count + 1)) / 2;
}

/** 1, 2, …, count, for contenders that read an array. Made once per length, outside the clock. */
export function numbersTo(count: number): number[] {
  if (made.length !== count) made = Array.from({ length: count }, (_, index) => index + 1);
  return made;
}

let made: number[] = [];

/**
 * Adds up what a consumer's callback is given. A variable that a callback closes over would be boxed anew
 * at each value, which costs as much as some of the operators measured.
 */
export class Sum {
  total = 0;

  readonly add = (value: number): void => {
    this.total += value;
  };
}

/** Of what a `for await` loop reads. */
export async function sumRead(values: AsyncIterable<number>): Promise<number> {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

export function sumUp(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
