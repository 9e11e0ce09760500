import { expect } from 'vitest';

/** Every program of `length` operations, in the order of counting. */
export function* programs<O>(operations: readonly O[], length: number): Generator<readonly O[]> {
  const program = Array<number>(length).fill(0);
  for (;;) {
    yield program.map((at) => operations[at] as O);
    let place = length - 1;
    while (place >= 0 && program[place] === operations.length - 1) program[place--] = 0;
    if (place < 0) return;
    program[place] = (program[place] as number) + 1;
  }
}

/** `expect(…).toEqual(…)`, for what is asked a million times. */
export function expectSame(actual: unknown, wanted: unknown, program: readonly string[]): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) {
    expect(actual, program.join(', ')).toEqual(wanted);
  }
}
