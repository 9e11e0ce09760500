/** How many timers and immediates of the host are pending. */
export function hostTimers(): number {
  const pending = process.getActiveResourcesInfo();
  return pending.filter((name) => name === 'Timeout' || name === 'Immediate').length;
}

/**
 * How many `act` leaves pending of those that it sets. Nothing else runs meanwhile, the host of the tests
 * included, which has timers of its own.
 */
export function timersOf(act: () => void): number {
  const before = hostTimers();
  act();
  return hostTimers() - before;
}
