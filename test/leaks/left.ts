/** Throws if one of these counts is not 0, and names it. */
export function expectNothing(left: Readonly<Record<string, number>>): void {
  const some = Object.entries(left).filter(([, count]) => count !== 0);
  if (some.length === 0) return;
  throw new Error(`Left behind: ${some.map(([name, count]) => `${count} ${name}`).join(', ')}`);
}
