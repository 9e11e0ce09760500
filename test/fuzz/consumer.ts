import { Observable, type Subscription } from 'rxjs';
import { isTurn, type Bench } from './bench.js';
import type { Consumer, Within } from './pipe.js';
import { show, type Value } from './values.js';

export const CONSUMER_ERROR = 'thrown by the consumer';

/** Takes what a pipe gives, and does what it was told to; notes all in the bench. */
export class Consuming {
  over = false;
  private count = 0;
  private leaves = false;
  private subscription: Subscription | undefined;

  constructor(
    private readonly consumer: Consumer,
    private readonly bench: Bench,
  ) {
    bench.within = (does) => this.does(does);
    const { inside } = consumer;
    if (inside?.does !== 'ask ahead') return;
    let reads = 0;
    bench.beforeRead = () => {
      if (isTurn(reads++, inside)) this.ask();
    };
  }

  subscribe(output: Observable<Value>): void {
    this.subscription = output.subscribe({
      next: (value) => this.next(value),
      error: (error: unknown) => this.end(`error: ${nameOf(error)}`),
      complete: () => this.end('complete'),
    });
    if (this.leaves) this.leave();
  }

  /** At once; what comes while it is being subscribed can only be left afterwards. */
  leave(): void {
    const { bench, subscription } = this;
    this.leaves = true;
    if (this.over || !subscription) return;
    this.end('left');
    subscription.unsubscribe();
    // What a callback is asked about when it leaves goes when it has come back.
    if (bench.depth === 0) bench.ended('in the turn in which the consumer left');
  }

  private next(value: Value): void {
    const { bench, over } = this;
    const { inside } = this.consumer;
    if (over) bench.fault(`${show(value)} after the end`);
    bench.wentOut(show(value));
    bench.look();
    const nth = this.count++;
    if (inside?.does === 'ask' && isTurn(nth, inside)) this.ask();
    if (nth !== inside?.at) return;
    if (inside.does !== 'ask' && inside.does !== 'ask ahead') this.does(inside.does);
  }

  private does(what: Within['does']): void {
    if (what === 'leave') this.leave();
    if (what === 'push') for (const push of this.bench.pushes) push();
    if (what === 'end') for (const end of this.bench.ends) end();
    if (what === 'ask') this.ask();
    if (what === 'throw') throw CONSUMER_ERROR;
  }

  private ask(): void {
    for (const ask of this.bench.asks) ask();
  }

  private end(how: string): void {
    if (this.over) this.bench.fault(`${how} after the end`);
    this.over = true;
    this.bench.wentOut(how);
  }
}

/** What an error is called, whichever copy of the library it is from. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/** More than any pipe has values. */
const ALL = 300;

/** When a consumer takes a value; absent where it takes whatever comes. */
export function ticksOf(
  { ticks }: Consumer,
  bench: Bench,
  level: number,
): Observable<unknown> | undefined {
  if (ticks === undefined) return undefined;
  const time = bench.timeOf('ticks', level);
  return new Observable((subscriber) => {
    const tick = (): void => subscriber.next(undefined);
    bench.asks.push(tick);
    const all = (): void => {
      for (let i = 0; i < ALL; i++) tick();
    };
    for (const at of ticks.at) subscriber.add(time.schedule(tick, at));
    subscriber.add(time.schedule(all, ticks.allFrom));
  });
}
