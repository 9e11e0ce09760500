import { describeLink, type LinkReport, type OnLink } from 'rxjs-sluice/operators';
import type { Bench } from './bench.js';
import { isStage, type Link, type Pipe } from './pipe.js';

/** What a stage, or a source, must be told that it linked to: how that is called, or why there is nothing. */
export type Linked = { readonly to: string } | { readonly because: 'unlinked' | 'end' };

/** What whoever stands above the link at `level` + 1 is linked to. */
export function linkedTo({ links, consumer }: Pipe, level: number): Linked {
  for (const link of links.slice(level)) {
    if (isStage(link)) return { to: link.op };
    if (link.op === 'unlinked') return { because: 'unlinked' };
  }
  return consumer.ticks === undefined ? { because: 'end' } : { to: 'demand' };
}

/** Hears the reports of one link, and compares them with what it must be; and that `explain` hears them too. */
export class Links {
  /** What each `explain` has yet to hear, by its level: how often. */
  private readonly owed = new Map<string, number>();

  constructor(private readonly bench: Bench) {}

  /** What a stage or a source at `level` hears; `inner`: it reports of its lanes, which link for themselves. */
  heardBy(level: number, name: string, inner = false): OnLink {
    const expected = linkedTo(this.bench.pipe, level);
    return (report) => {
      const { to, because } = report;
      const isRight =
        inner || ('to' in expected ? isCalled(to, expected.to) : because === expected.because);
      // What is left as it is subscribed has nobody below.
      const isLeft = this.bench.pipe.within?.does === 'leave' && because === 'end';
      if (!isRight && !isLeft) this.bench.fault(`${name}: ${describeLink(report)}`);
      for (const at of this.explainedBelow(level)) this.count(at, report, 1);
    };
  }

  /** What an `explain` at `level` hears. */
  explained(level: number): OnLink {
    return (report) => this.count(level, report, -1);
  }

  /** Between two frames. */
  rest(): void {
    for (const [what, count] of this.owed) {
      if (count > 0) this.bench.fault(`explain has not heard at ${what}`);
    }
    this.owed.clear();
  }

  private count(level: number, report: LinkReport, change: 1 | -1): void {
    const what = `${level}: ${describeLink(report)}`;
    this.owed.set(what, (this.owed.get(what) ?? 0) + change);
  }

  private explainedBelow(level: number): number[] {
    const levels: number[] = [];
    for (const [i, link] of this.bench.pipe.links.entries()) {
      if (i < level) continue;
      if (isStage(link) && endsChain(link)) break;
      if (link.op === 'explain') levels.push(i + 1);
    }
    return levels;
  }
}

/** Those below hear nothing, or only the first time, of what is linked above. */
const endsChain = ({ op }: Link): boolean =>
  op === 'toAsyncIterable' || op === 'intoChannel' || op === 'broadcast';

const isCalled = (to: string | undefined, op: string): boolean =>
  to === op || to?.startsWith(`${op}(`) === true;
