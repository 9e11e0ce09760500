/**
 * A balancer gives each request to the worker with the fewest to do, which a heap tells. Rob Pike,
 * "Concurrency is not parallelism" (2012).
 */
import { Channel, recv, select, type SendChannel } from 'rxjs-sluice';
import { seeded, turns } from './seeded.js';

const WORKERS = 6;
const REQUESTERS = 20;
const EACH = 50;

interface Request {
  readonly compute: () => number;
  readonly answer: SendChannel<number>;
}

interface Worker {
  readonly requests: Channel<Request>;
  /** Where it stands in the heap. */
  index: number;
  pending: number;
  served: number;
}

/** The worker with the fewest pending requests stands on top. */
class Pool {
  constructor(readonly workers: Worker[]) {}

  get least(): Worker {
    return this.workers[0]!;
  }

  /** Puts a worker in its place when its number has changed. */
  fix(worker: Worker): void {
    while (this.precedes(worker.index, (worker.index - 1) >> 1)) {
      this.swap(worker.index, (worker.index - 1) >> 1);
    }
    for (;;) {
      let child = 2 * worker.index + 1;
      if (this.precedes(child + 1, child)) child++;
      if (!this.precedes(child, worker.index)) return;
      this.swap(child, worker.index);
    }
  }

  private precedes(a: number, b: number): boolean {
    const [worker, other] = [this.workers[a], this.workers[b]];
    return worker !== undefined && other !== undefined && worker.pending < other.pending;
  }

  private swap(a: number, b: number): void {
    const [worker, other] = [this.workers[a]!, this.workers[b]!];
    this.workers[(worker.index = b)] = worker;
    this.workers[(other.index = a)] = other;
  }
}

export async function main() {
  const random = seeded(2012);
  const work = new Channel<Request>();
  const finished = new Channel<Worker>();
  const pool = new Pool(
    Array.from({ length: WORKERS }, (_, index) => {
      // Each requester has one request open at a time: there is always room for it.
      return { requests: new Channel<Request>(REQUESTERS), index, pending: 0, served: 0 };
    }),
  );
  let [right, misplaced] = [0, 0];

  async function serve(worker: Worker) {
    for await (const { compute, answer } of worker.requests) {
      await turns(8 * random());
      await answer.send(compute());
      await finished.send(worker);
    }
  }

  async function ask(id: number) {
    const answer = new Channel<number>();
    for (let n = 0; n < EACH; n++) {
      const x = id * EACH + n;
      await turns(4 * random());
      await work.send({ compute: () => x * x, answer });
      if ((await answer.receive()).value === x * x) right++;
    }
  }

  async function balance() {
    let [open, over] = [0, false];
    while (!over || open > 0) {
      const event = await select({ asked: !over && recv(work), finished: recv(finished) });
      if (event.done) {
        over = true;
      } else if (event.case === 'asked') {
        const worker = pool.least;
        if (pool.workers.some(({ pending }) => pending < worker.pending)) misplaced++;
        worker.requests.trySend(event.value);
        worker.pending++;
        pool.fix(worker);
        open++;
      } else {
        event.value.pending--;
        event.value.served++;
        pool.fix(event.value);
        open--;
      }
    }
    for (const { requests } of pool.workers) requests.close();
  }

  const running = [balance(), ...pool.workers.map(serve)];
  await Promise.all(Array.from({ length: REQUESTERS }, (_, id) => ask(id)));
  work.close();
  await Promise.all(running);
  return { right, misplaced, served: pool.workers.map(({ served }) => served) };
}
