import * as backlog from '../contenders/backlog.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer, type Run } from '../harness/timed.js';
import type { Contender, Goal, Section } from '../harness/types.js';

const sizes = [1e3, 1e4, 1e5, 1e6] as const;
const among = (name: string, size: number): string =>
  `${name}, ${size.toExponential(0).replace('+', '')} wait`;

type Open = () => Run;
type Timed = typeof ours;

/** A pool at each size. */
const atEachSize = (
  make: Timed,
  name: string,
  kind: string,
  open: (size: number) => Open,
): Contender[] =>
  sizes.map((size) => make(among(name, size), kind, open(size), { scale: among('', size) }));

const called =
  (pool: backlog.OpenDriven) =>
  (size: number): Open =>
    backlog.drivenFrom(pool, size);

const awaited =
  (pool: backlog.OpenSelfDriven) =>
  (size: number): Open =>
    backlog.selfDrivenFrom(pool, size);

/** What a value costs while so many wait. */
export const backlogs: readonly Section[] = [
  sectionOf('backlog-calls', 'tasks that are ended by a call', [
    ...atEachSize(limit, 'bare ring', 'calls', called(backlog.ringDriven)),
    ...atEachSize(ours, 'workerPool', 'calls', called(backlog.workerPoolDriven)),
    ...atEachSize(peer, 'mergeMap', 'calls', called(backlog.mergeMapDriven)),
    ...atEachSize(peer, 'fastq', 'calls', called(backlog.fastqDriven)),
    ...atEachSize(peer, 'array, push and shift', 'an array', called(backlog.arrayDriven)),
  ]),
  sectionOf('backlog-promises', 'promise tasks', [
    ...atEachSize(limit, 'bare ring and await', 'promises', awaited(backlog.ringSelfDriven)),
    ...atEachSize(ours, 'workerPool', 'promises', awaited(backlog.workerPoolSelfDriven)),
    ...atEachSize(peer, 'mergeMap', 'promises', awaited(backlog.mergeMapSelfDriven)),
    ...atEachSize(peer, 'p-limit', 'promises', awaited(backlog.pLimitSelfDriven)),
    ...atEachSize(peer, 'p-queue', 'promises', awaited(backlog.pQueueSelfDriven)),
    ...atEachSize(peer, 'fastq.promise', 'promises', awaited(backlog.fastqSelfDriven)),
  ]),
];

function sectionOf(id: string, tasks: string, contenders: readonly Contender[]): Section {
  const flat = sizes.slice(1).map((size): Goal => ({
    contender: among('workerPool', size),
    against: among('workerPool', 1e3),
    limit: 1.5,
  }));
  return {
    id,
    title: `One worker behind whom always so many wait, ${tasks}`,
    unit: 'ns per value',
    count: 2_000,
    expected: sumTo,
    contenders,
    goals: goalsOf(contenders, flat),
  };
}
