import { areEqual, type Contender, type Goal } from './types.js';

/**
 * What a section asks for beside goals of its own: that ours is faster than each peer of JavaScript that does
 * the same kind of work; where there is none, that it takes at most 1.5 times as long as the bare loop of its
 * kind. Beside peers, the ratio to the bare loop is only shown.
 */
export function goalsOf(contenders: readonly Contender[], own: readonly Goal[] = []): Goal[] {
  const goals = [...own];
  const add = (goal: Goal): void => {
    const known = goals.some(
      ({ contender, against }) => contender === goal.contender && against === goal.against,
    );
    if (!known) goals.push(goal);
  };
  for (const contender of contenders) {
    const { name, side } = contender;
    if (side !== 'ours') continue;
    const equals = contenders.filter((other) => areEqual(contender, other));
    const peers = equals.filter((other) => other.side === 'peer');
    for (const peer of peers) {
      add({ contender: name, against: peer.name, limit: 1, strictly: true });
    }
    for (const bare of equals.filter((other) => other.side === 'limit')) {
      add({
        contender: name,
        against: bare.name,
        ...(peers.length === 0 ? { limit: 1.5 } : {}),
      });
    }
  }
  return goals;
}
