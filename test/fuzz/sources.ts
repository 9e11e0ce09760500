import {
  Observable,
  Subject,
  concat,
  defer,
  merge,
  mergeMap,
  of,
  range,
  takeUntil,
  throwError,
  timer,
  NEVER,
  EMPTY,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
} from 'rxjs';
import { Channel } from 'rxjs-sluice';
import type { PullInput } from 'rxjs-sluice/operators';
import { OUTSIDE, type Bench } from './bench.js';
import { partsOf, type End, type Source } from './pipe.js';
import { numbers, type Value } from './values.js';

/** How sources that wait are made: by the library, or by the model. */
export interface Makes {
  /** `pullFrom`. */
  pull(input: PullInput<Value>, name: string, requireDemand?: boolean): Observable<Value>;
  /** A loop of one's own, which asks `demandOf`. */
  own(input: Iterable<Value>, name: string): Observable<Value>;
  /** `backpressure`. */
  switched(
    switches: Switches,
    name: string,
    requireDemand: boolean | undefined,
  ): MonoTypeOperatorFunction<Value>;
}

export interface Switches {
  pause(): void;
  resume(): void;
}

export const SOURCE_ERROR = 'source error';

/** Each part of a source has numbers of its own: they begin with `base`, and its name tells them apart. */
export function sourceOf(source: Source, makes: Makes, bench: Bench, base = 0): Observable<Value> {
  const name = `source ${base}`;
  switch (source.kind) {
    case 'pull':
      return makes.pull(new Countable(name, bench, base, source), name, source.requireDemand);
    case 'own':
      return makes.own(new Countable(name, bench, base, source), name);
    case 'async':
      return makes.pull(asyncOf(source, name, bench, base), name);
    case 'slow':
      return makes.pull(new Slow(name, bench, base, source), name);
    case 'channel':
      return makes.pull(channelOf(source, name, bench, base), name);
    case 'hot':
      return hot(source, name, bench, base).pipe(bench.counted(name));
    case 'switched':
      return switched(source, name, bench, base, makes).pipe(bench.counted(name));
    case 'cold':
      return cold(source, name, bench, base).pipe(bench.counted(name));
    case 'sync':
      return concat(range(base, source.count), ending(source.end)).pipe(bench.counted(name));
    case 'inner':
      return of(...source.counts).pipe(
        mergeMap((count, i) => {
          const inner = base + 10 * i;
          const made = `source ${inner}`;
          return makes.pull(new Countable(made, bench, inner, { count, end: 'complete' }), made);
        }),
      );
    case 'until':
      return sourceOf(source.source, makes, bench, base).pipe(
        takeUntil(timer(source.at, bench.timeOf(`${name} until`, 0))),
      );
    case 'merge':
      return merge(
        ...source.sources.map((one, i) => sourceOf(one, makes, bench, base + 1000 * (i + 1))),
      );
  }
}

/** Whether all of it waits for the stage below. */
export const waits = (source: Source): boolean =>
  partsOf(source).every(({ kind }) => waiting.includes(kind));

const waiting: readonly Source['kind'][] = ['pull', 'own', 'async', 'slow', 'channel', 'inner'];

const ending = (end: End): Observable<never> =>
  end === 'complete' ? EMPTY : end === 'error' ? throwError(() => SOURCE_ERROR) : NEVER;

/** What a source is told must not be thrown back at it. */
function tell(bench: Bench, act: () => void): void {
  try {
    act();
  } catch (error) {
    bench.fault(`thrown into a source: ${String(error)}`);
  }
}

function hot(
  { at, end }: { readonly at: readonly number[]; readonly end: End },
  name: string,
  bench: Bench,
  base: number,
): Observable<Value> {
  const subject = new Subject<Value>();
  const time = bench.timeOf(`${OUTSIDE}${name}`, 0);
  let next = base;
  const push = (): void => tell(bench, () => subject.next(next++));
  bench.pushes.push(push);
  for (const frame of at) time.schedule(push, frame);
  const ending = (): void =>
    tell(bench, () => (end === 'error' ? subject.error(SOURCE_ERROR) : subject.complete()));
  if (end !== 'never') {
    bench.ends.push(ending);
    time.schedule(ending, (at.at(-1) ?? 0) + 1);
  }
  return subject;
}

/** Stands still while it is stopped, if it heeds that. */
class Switched implements Switches {
  private stopped = false;
  private subscriber: Subscriber<Value> | undefined;
  private timer: Subscription | undefined;
  private at = 0;

  constructor(
    private readonly given: Extract<Source, { readonly kind: 'switched' }>,
    private readonly name: string,
    private readonly bench: Bench,
    private readonly base: number,
  ) {}

  readonly values = new Observable<Value>((subscriber) => {
    this.subscriber = subscriber;
    if (this.runs) this.wind();
    return () => {
      this.timer?.unsubscribe();
      // Of room, and of its end at the same instant, it hears in an order that is not for a model to say.
      this.bench.unhear(`${this.name}: go on`);
    };
  });

  pause(): void {
    this.heard('stop');
    this.stopped = true;
    if (!this.runs) this.timer?.unsubscribe();
  }

  resume(): void {
    this.heard('go on');
    this.stopped = false;
    if (this.given.heeds && this.subscriber !== undefined) this.wind();
  }

  private heard(what: 'stop' | 'go on'): void {
    const { bench, name, stopped, subscriber } = this;
    bench.wasHeard(`${name}: ${what}`);
    if (stopped === (what === 'stop')) bench.fault(`${name} was told twice to ${what}`);
    if (subscriber?.closed) bench.fault(`${name} was told to ${what} after its end`);
  }

  private get runs(): boolean {
    return !this.stopped || !this.given.heeds;
  }

  private wind(): void {
    const { given, bench, name, at } = this;
    const last = at === given.gaps.length;
    if (last && given.end === 'never') return;
    const time = bench.timeOf(name, 0);
    const ring = (): void => tell(bench, () => (last ? this.end() : this.next()));
    this.timer?.unsubscribe(); // it was told to stop and to go on while it sent
    this.timer = time.schedule(ring, last ? 1 : given.gaps[at]);
  }

  private next(): void {
    this.subscriber?.next(this.base + this.at++);
    if (this.runs && this.subscriber?.closed === false) this.wind();
  }

  private end(): void {
    if (this.given.end === 'error') this.subscriber?.error(SOURCE_ERROR);
    else this.subscriber?.complete();
  }
}

const switched = (
  source: Extract<Source, { readonly kind: 'switched' }>,
  name: string,
  bench: Bench,
  base: number,
  makes: Makes,
): Observable<Value> =>
  defer(() => {
    const made = new Switched(source, name, bench, base);
    return made.values.pipe(makes.switched(made, name, source.requireDemand));
  });

function cold(
  { gaps, end }: { readonly gaps: readonly number[]; readonly end: End },
  name: string,
  bench: Bench,
  base: number,
): Observable<Value> {
  return new Observable((subscriber: Subscriber<Value>) => {
    const time = bench.timeOf(name, 0);
    let at = 0;
    gaps.forEach((gap, i) => {
      at += gap;
      subscriber.add(time.schedule(() => tell(bench, () => subscriber.next(base + i)), at));
    });
    if (end === 'never') return;
    subscriber.add(
      time.schedule(() => {
        tell(bench, () =>
          end === 'error' ? subscriber.error(SOURCE_ERROR) : subscriber.complete(),
        );
      }, at),
    );
  });
}

/** An iterable that tells what is read of it, and whether it was closed. */
class Countable implements Iterable<Value> {
  constructor(
    private readonly name: string,
    private readonly bench: Bench,
    private readonly base: number,
    private readonly given: { readonly count: number; readonly end: End },
  ) {}

  [Symbol.iterator](): Iterator<Value> {
    const { name, bench, base, given } = this;
    const values = numbers(given.count, base);
    const open = new Opened(name, bench);
    let at = 0;
    return {
      next: () => {
        open.read();
        if (at < values.length) return { done: false, value: values[at++]! };
        open.end();
        if (given.end === 'error') throw SOURCE_ERROR;
        return { done: true, value: undefined };
      },
      return: () => {
        open.close();
        return { done: true, value: undefined };
      },
    };
  }
}

/** A channel that tells who waits to receive from it. */
class Listened extends Channel<Value> {
  constructor(
    capacity: number,
    private readonly name: string,
    private readonly bench: Bench,
  ) {
    super(capacity);
  }

  override receiveWith(
    received: (result: IteratorResult<Value, undefined>) => void,
    failed: (error: unknown) => void,
  ): () => void {
    const { name, bench } = this;
    const waits = once(() => bench.isRunning(name, -1));
    bench.wasRead(name);
    bench.isRunning(name, 1);
    const giveUp = super.receiveWith(
      (result) => {
        waits();
        received(result);
      },
      (error) => {
        waits();
        failed(error);
      },
    );
    return () => {
      waits();
      giveUp();
    };
  }
}

function channelOf(
  source: { readonly capacity: number; readonly at: readonly number[]; readonly end: End },
  name: string,
  bench: Bench,
  base: number,
): Channel<Value> {
  const channel = new Listened(source.capacity, name, bench);
  const time = bench.timeOf(`${OUTSIDE}${name}`, 0);
  let next = base;
  for (const frame of source.at) {
    time.schedule(() => tell(bench, () => void channel.trySend(next++)), frame);
  }
  if (source.end !== 'never') {
    const error = source.end === 'error' ? SOURCE_ERROR : undefined;
    time.schedule(() => tell(bench, () => channel.close(error)), (source.at.at(-1) ?? 0) + 1);
  }
  return channel;
}

/** A channel with a sender of its own, whom each receive makes send, after a while: a source with latency. */
class Slow extends Listened {
  private sent = 0;
  private readonly time: SchedulerLike;

  constructor(
    name: string,
    bench: Bench,
    private readonly base: number,
    private readonly given: { readonly delays: readonly number[]; readonly end: End },
  ) {
    super(0, name, bench);
    this.time = bench.timeOf(`${OUTSIDE}${name}`, 0);
  }

  override receiveWith(...heard: Parameters<Listened['receiveWith']>): () => void {
    const { base, given } = this;
    const i = this.sent++;
    const giveUp = super.receiveWith(...heard);
    const send = (): void => {
      if (!this.closed) this.trySend(base + i);
    };
    if (i < given.delays.length) {
      this.time.schedule(send, given.delays[i]);
    } else if (given.end !== 'never') {
      const error = given.end === 'error' ? SOURCE_ERROR : undefined;
      this.time.schedule(() => this.close(error), 1);
    }
    return giveUp;
  }
}

/** Something each of whose reads settles in virtual time. */
function asyncOf(
  { shape, delays, end }: Extract<Source, { readonly kind: 'async' }>,
  name: string,
  bench: Bench,
  base: number,
): PullInput<Value> {
  const time = bench.timeOf(`${OUTSIDE}${name}`, 0);

  /** One at a time is read, in order. */
  const open = () => {
    const opened = new Opened(name, bench);
    let at = 0;
    let reading = false;
    const read = (settled: Settles<IteratorResult<Value, undefined>>): void => {
      opened.read();
      if (reading) bench.fault(`${name} was read while it was being read`);
      const i = at++;
      if (i > delays.length || (i === delays.length && end === 'never')) return;
      reading = true;
      const settle = (): void => {
        reading = false;
        if (i < delays.length) {
          settled.arrived({ done: false, value: base + i });
          return;
        }
        opened.end();
        if (end === 'error') settled.failed(SOURCE_ERROR);
        else settled.arrived({ done: true, value: undefined });
      };
      const delay = shape === 'plain' ? 0 : (delays[i] ?? 1);
      if (delay === 0) settle();
      else time.schedule(settle, delay);
    };
    return { read, close: () => opened.close() };
  };

  const promised =
    (read: ReturnType<typeof open>['read']) => (): Promise<IteratorResult<Value, undefined>> =>
      new Promise((arrived, failed) => read({ arrived, failed }));

  const left = (): Promise<IteratorResult<Value, undefined>> =>
    Promise.resolve({ done: true, value: undefined });

  switch (shape) {
    case 'iterator':
      return asyncIterable(() => {
        const { read, close } = open();
        return { next: promised(read), return: () => (close(), left()) };
      });
    case 'thenable':
      return asyncIterable(() => {
        const { read, close } = open();
        const next = (): PromiseLike<IteratorResult<Value, undefined>> => ({
          then: ((arrived: never, failed: never) => read({ arrived, failed })) as never,
        });
        return { next: next as never, return: () => (close(), undefined as never) };
      });
    case 'plain':
      return asyncIterable(() => {
        const { read, close } = open();
        const next = (): IteratorResult<Value, undefined> => {
          let result: IteratorResult<Value, undefined> | undefined;
          const arrived = (given: typeof result): void => void (result = given);
          const failed = (error: unknown): never => {
            throw error;
          };
          read({ arrived, failed });
          return result ?? ({ then: () => {} } as never); // it never comes
        };
        return { next: next as never, return: () => (close(), undefined as never) };
      });
    case 'node': {
      let destroy = (): void => {};
      const opened = asyncIterable(() => {
        const { read, close } = open();
        destroy = close;
        return { next: promised(read) };
      });
      return Object.assign(opened, { read: () => {}, on: () => {}, destroy: () => destroy() });
    }
    case 'web':
      return {
        getReader() {
          const { read, close } = open();
          return { read: promised(read), cancel: () => (close(), left()), releaseLock() {} };
        },
      } as unknown as ReadableStream<Value>;
  }
}

interface Settles<R> {
  readonly arrived: (result: R) => void;
  readonly failed: (error: unknown) => void;
}

const asyncIterable = (
  iterate: () => AsyncIterator<Value, undefined>,
): AsyncIterable<Value, undefined> => ({ [Symbol.asyncIterator]: iterate });

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** An iterator that was opened: read one value at a time, to its end, or closed once before. */
class Opened {
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly bench: Bench,
  ) {
    bench.isRunning(name, 1);
  }

  read(): void {
    if (this.closed) this.bench.fault(`${this.name} was read after its end`);
    this.bench.wasRead(this.name);
  }

  end(): void {
    if (!this.closed) this.bench.isRunning(this.name, -1);
    this.closed = true;
  }

  close(): void {
    if (this.closed) this.bench.fault(`${this.name} was closed after its end, or twice`);
    this.end();
  }
}
