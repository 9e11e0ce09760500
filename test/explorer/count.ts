import type { State } from './explore.js';

/** How many programs of up to so many operations there are: what each of the actors does, and then, and then. */
export function countPrograms(letters: number, actors: number, operations: number): number {
  let shares = 1; // how many ways there are to share `length` operations among the actors
  let programs = 0;
  for (let length = 1; length <= operations; length++) {
    shares *= (length + actors - 1) / length;
    programs += shares * letters ** length;
  }
  return programs;
}

/**
 * In how many orders their operations can happen: how many paths of up to so many steps there are, where
 * any actor that does not wait takes the next.
 */
export function countSchedules(start: State, operations: number): number {
  let ends = new Map([[start, 1]]);
  let schedules = 0;
  for (let length = 1; length <= operations; length++) {
    const reached = new Map<State, number>();
    for (const [{ idle, next }, ways] of ends) {
      for (const state of next) reached.set(state, (reached.get(state) ?? 0) + idle * ways);
    }
    for (const ways of reached.values()) schedules += ways;
    ends = reached;
  }
  return schedules;
}
