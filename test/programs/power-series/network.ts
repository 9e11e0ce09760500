import { Channel, recv, select } from 'rxjs-sluice';

/**
 * Values that are computed when they are asked for: a request goes one way, the answer comes the other
 * way. McIlroy's demand channel. A stream has one reader; who needs two of them has it `split`.
 */
export class Stream<T> implements AsyncIterable<T> {
  readonly requests = new Channel<void>();
  readonly answers = new Channel<T>();

  constructor(readonly network: Network) {}

  /** Asks for the next value. */
  async next(): Promise<T> {
    await this.requests.send();
    return (await this.answers.receive()).value as T;
  }

  /** Asks for one after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) yield await this.next();
  }

  /** Two copies, each of which may be ahead of the other as far as it likes. */
  split(): [Stream<T>, Stream<T>] {
    const copies: [Stream<T>, Stream<T>] = [this.network.stream(), this.network.stream()];
    this.network.split(this, copies);
    return copies;
  }
}

/**
 * Processes that work when they are asked and wait when they are not. They do not end by themselves,
 * and some ask each other in a circle; when nobody will ask any more, `close` ends them all.
 */
export class Network {
  private readonly streams = new Set<Stream<unknown>>();
  private readonly running = new Set<Promise<void>>();

  /** A stream that nobody computes yet. */
  stream<T>(): Stream<T> {
    const stream = new Stream<T>(this);
    this.streams.add(stream as Stream<unknown>);
    return stream;
  }

  /**
   * A stream of what `process` yields. It goes on from one value to the next when that is asked for.
   */
  produce<T>(process: () => AsyncGenerator<T, void>): Stream<T> {
    const stream = this.stream<T>();
    this.start([stream], async () => {
      const values = process();
      for await (const _ of stream.requests) {
        const { value } = await values.next();
        await stream.answers.send(value as T);
      }
    });
    return stream;
  }

  /**
   * Copies `source` to two streams. For each value there is a process, from when one copy is asked
   * for it until the other has been too: they are the queue between the two.
   *
   * In the paper, and in Go's version of it, they tell each other when the next one may serve the
   * copy that is behind. Here they need not: whoever waits at a channel is served in order.
   */
  split<T>(source: Stream<T>, copies: [Stream<T>, Stream<T>]): void {
    const [a, b] = copies;
    this.start(copies, async () => {
      const asked = await select({ a: recv(a.requests), b: recv(b.requests) });
      if (asked.done) return;
      const [ahead, behind] = asked.case === 'a' ? [a, b] : [b, a];
      const value = await source.next();
      const askedToo = behind.requests.receive();
      this.split(source, copies);
      await ahead.answers.send(value);
      if (!(await askedToo).done) await behind.answers.send(value);
    });
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    for (const { requests } of this.streams) requests.cancel();
    await Promise.all(this.running);
  }

  /**
   * Starts a process that computes `streams`. Its error goes to who asks it, and so from one to the
   * other.
   */
  private start<T>(streams: readonly Stream<T>[], process: () => Promise<void>): void {
    const running = process()
      .catch((error: unknown) => streams.forEach(({ answers }) => answers.close(error)))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }
}
