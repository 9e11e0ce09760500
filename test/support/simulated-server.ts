import { Observable, type Subscriber } from 'rxjs';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { Alarm } from '../../src/clock.js';
import { Ring } from '../../src/line/ring.js';
import type { HandClock } from './hand-clock.js';

export interface ServerOptions {
  readonly clock: HandClock;
  /** How many requests it serves at a time. */
  readonly servers: number;
  /** How long one takes, on average. */
  readonly meanMs: number;
  /** How many times the average one takes, by a number in (0, 1). Default: as times distributed exponentially are. */
  readonly spread?: (random: number) => number;
  readonly seed: number;
  /** How many more may wait; those beyond are turned away, 10 ms later. Default: any number. */
  readonly places?: number;
}

/** What a server did in a span of time. */
export interface Account {
  /** Requests that it served, per second. */
  readonly perSecond: number;
  /** How many waited, on average over time. */
  readonly meanQueue: number;
  /** Requests that it turned away. */
  readonly refused: number;
}

/** The server has no place for one more. */
export class ServerBusyError extends Error {
  override readonly name = 'ServerBusyError';
}

const exponential = (random: number): number => -Math.log(random);

/**
 * A server of the kind M/M/c, or M/G/c, with a queue, in virtual time: what it is asked waits until one of its
 * servers is free, in order of arrival. A request that its client gives up is served all the same.
 */
export class SimulatedServer {
  private servers: number;
  private meanMs: number;
  private readonly queue = new Ring<Subscriber<void>>();
  /** What is being served, by when it is done. */
  private readonly busy: { readonly doneAt: number; readonly subscriber: Subscriber<void> }[] = [];
  private readonly alarm: Alarm;
  private state: number;
  private served = 0;
  private refused = 0;
  /** Requests in the queue, times the milliseconds they waited there. */
  private waited = 0;
  private asOf = 0;
  private openedAt = 0;

  constructor(private readonly options: ServerOptions) {
    this.servers = options.servers;
    this.meanMs = options.meanMs;
    this.state = options.seed;
    this.alarm = new Alarm(schedulerClock(options.clock), () => this.finish());
  }

  /** A request: emits and completes when it is served. */
  readonly request = new Observable<void>((subscriber) => {
    const { clock, places = Infinity } = this.options;
    if (this.busy.length >= this.servers && this.queue.length >= places) {
      this.refused++;
      clock.schedule(() => subscriber.error(new ServerBusyError('No place in the queue')), 10);
      return;
    }
    this.count();
    this.queue.push(subscriber);
    this.serve();
  });

  /** From now on it has so many servers; those that are busy finish first. */
  resize(servers: number): void {
    this.servers = servers;
    this.serve();
  }

  /** From now on a request takes so long on average. */
  pace(meanMs: number): void {
    this.meanMs = meanMs;
  }

  /** What it did since it was last asked. */
  account(): Account {
    this.count();
    const ms = this.asOf - this.openedAt;
    const account = {
      perSecond: (1000 * this.served) / ms,
      meanQueue: this.waited / ms,
      refused: this.refused,
    };
    this.openedAt = this.asOf;
    this.served = this.refused = this.waited = 0;
    return account;
  }

  private serve(): void {
    const { clock, spread = exponential } = this.options;
    const { busy, queue, meanMs } = this;
    this.count();
    while (busy.length < this.servers && queue.length > 0) {
      const doneAt = clock.now() + meanMs * spread(this.random());
      let place = busy.length;
      while (place > 0 && busy[place - 1]!.doneAt > doneAt) place--;
      busy.splice(place, 0, { doneAt, subscriber: queue.shift() });
      if (place === 0) this.alarm.set(doneAt - clock.now());
    }
  }

  private finish(): void {
    const [done, next] = this.busy;
    this.busy.shift();
    this.served++;
    if (next !== undefined) this.alarm.set(next.doneAt - this.options.clock.now());
    this.serve();
    done!.subscriber.next();
    done!.subscriber.complete();
  }

  private count(): void {
    const now = this.options.clock.now();
    this.waited += this.queue.length * (now - this.asOf);
    this.asOf = now;
  }

  /** In (0, 1): Park and Miller's generator. */
  private random(): number {
    return (this.state = (this.state * 48_271) % 2_147_483_647) / 2_147_483_647;
  }
}
