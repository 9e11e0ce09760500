import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { OnLink, PullInput } from 'rxjs-sluice/operators';
import type { Bench } from './bench.js';
import { boundOf } from './bound.js';
import { Links } from './links.js';
import { asksForItself, hasStage, isStage, type Pipe, type Stage } from './pipe.js';
import { sourceOf, type Makes, type Switches } from './sources.js';
import { stock } from './stock.js';
import type { Value } from './values.js';

/** A place in a pipe where demand is found. The library finds it by itself; the model is told. */
export interface Slot {
  current: Room | undefined;
}

export interface Room {
  /** How many values it can take now; or `told`: as whoever waits for room is told of it. */
  room(told: boolean): number;
  /** How many values wait in it. */
  readonly waiting: number;
  /** Somebody who may have waited for room is over. */
  left?(): void;
}

/** Where a stage stands. */
export interface Place {
  readonly name: string;
  readonly level: number;
  readonly slot: Slot;
  /** The nearest demand below; absent: nothing below can say wait. */
  readonly below: Slot | undefined;
  /** The most that it may hold. */
  readonly bound: number;
  /** Hears what it links to. */
  readonly onLink: OnLink;
  readonly bench: Bench;
}

/** Where a source stands that waits. */
export interface SourcePlace extends Pick<Place, 'name' | 'below' | 'bench' | 'onLink'> {
  readonly requireDemand: boolean | undefined;
}

/** What pipes are made of besides stock operators: the library's operators, or those of the model. */
export interface Kit {
  pull(input: PullInput<Value>, place: SourcePlace): Observable<Value>;
  own(input: Iterable<Value>, place: SourcePlace): Observable<Value>;
  backpressure(switches: Switches, place: SourcePlace): MonoTypeOperatorFunction<Value>;
  stage(stage: Stage, place: Place): MonoTypeOperatorFunction<Value>;
  takeOn(ticks: Observable<unknown>, slot: Slot): MonoTypeOperatorFunction<Value>;
  unlinked(): MonoTypeOperatorFunction<Value>;
  explain(onLink: OnLink): MonoTypeOperatorFunction<Value>;
}

/** Makes the pipe, but for its consumer. */
export function assembled(
  pipe: Pipe,
  kit: Kit,
  bench: Bench,
  ticks: Observable<unknown> | undefined,
) {
  const { links, source } = pipe;
  const reports = new Links(bench);
  bench.reports = reports;
  let below: Slot | undefined;
  const made: MonoTypeOperatorFunction<Value>[] = [];
  if (ticks !== undefined) {
    below = { current: undefined };
    made.push(kit.takeOn(ticks, below));
  }
  for (let level = links.length; level > 0; level--) {
    const link = links[level - 1]!;
    if (isStage(link)) {
      const place: Place = {
        name: nameOf(pipe, level),
        level,
        slot: { current: undefined },
        below,
        bound: boundOf(pipe, level),
        bench,
        onLink: reports.heardBy(level, nameOf(pipe, level), linksOfItsOwn(link)),
      };
      made.push(kit.stage(link, place));
      below = place.slot;
    } else if (link.op === 'unlinked') {
      made.push(kit.unlinked());
      below = undefined;
    } else if (link.op === 'explain') {
      made.push(kit.explain(reports.explained(level)));
    } else {
      made.push(stock[link.op].make(link.n, bench.timeOf(`${level} ${link.op}`, level)));
    }
  }
  const place = (name: string, requireDemand?: boolean): SourcePlace => ({
    name,
    below,
    bench,
    requireDemand,
    onLink: reports.heardBy(0, name),
  });
  const makes: Makes = {
    pull: (input, name, requireDemand) => kit.pull(input, place(name, requireDemand)),
    own: (input, name) => kit.own(input, place(name)),
    switched: (switches, name, requireDemand) =>
      kit.backpressure(switches, place(name, requireDemand)),
  };
  return made.reduceRight((output, link) => link(output), sourceOf(source, makes, bench));
}

/** Each lane, and each subscriber that has a pipe of its own, links for itself. */
const linksOfItsOwn = (stage: Stage): boolean =>
  stage.op === 'fanOut' ||
  (stage.op === 'broadcast' &&
    stage.subscribers.some((kind) => asksForItself(kind) || hasStage(kind)));

/** What the link at `level` is called where several of its kind may be in one pipe. */
export const nameOf = ({ links }: Pipe, level: number): string =>
  `${level} ${links[level - 1]?.op ?? ''}`;
