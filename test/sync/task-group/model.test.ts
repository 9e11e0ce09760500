import fc from 'fast-check';
import { TaskGroup } from 'rxjs-sluice';
import { expect, it } from 'vitest';
import { later } from '../../support/later.js';

interface Task {
  readonly id: number;
  state: 'waits' | 'runs' | 'ended';
  end: (error?: unknown) => void;
  /** How its promise has settled. */
  outcome?: unknown;
}

/** A group, all that is done to it, and what must be true of it after that. */
class Trial {
  readonly tasks: Task[] = [];
  readonly begun: number[] = [];
  readonly outer = new AbortController();
  readonly group: TaskGroup;
  /** What `wait` has to say in the end. */
  first: { readonly error: unknown } | undefined;
  private aborted = false;

  constructor(private limit: number) {
    this.group = new TaskGroup({ limit, signal: this.outer.signal });
  }

  readonly steps = {
    go: () => {
      const task = this.task();
      this.listen(task, this.group.go(this.run(task)));
    },
    tryGo: () => {
      const room = this.aborted || this.group.running + this.group.waiting < this.limit;
      const task = this.task();
      const promise = this.group.tryGo(this.run(task));
      expect(promise !== undefined).toBe(room);
      if (promise === undefined) this.tasks.pop();
      else this.listen(task, promise);
    },
    end: (share: number) => pick(this.in('runs'), share)?.end(),
    fail: (share: number) => {
      const task = pick(this.in('runs'), share);
      if (task === undefined) return;
      const error = new Error(`task ${task.id}`);
      this.first ??= { error };
      this.aborted = true;
      task.end(error);
    },
    setLimit: (share: number) => {
      this.limit = 1 + Math.floor(share * 4);
      this.group.setLimit(this.limit);
    },
    abort: () => {
      this.aborted = true;
      if (this.group.waiting > 0) this.first ??= { error: 'called off' };
      this.outer.abort('called off');
    },
  };

  verify(): void {
    const { group, begun } = this;
    const [running, waiting] = [this.in('runs').length, this.in('waits').length];
    expect([group.running, group.waiting]).toEqual([running, waiting]);
    expect(begun).toEqual([...begun].sort((a, b) => a - b));
    // Nobody waits without need, or where nothing will begin any more.
    if (waiting > 0) expect(running).toBeGreaterThanOrEqual(this.limit);
    if (this.aborted) expect(waiting).toBe(0);
  }

  async end(): Promise<void> {
    const waiting = this.group.wait();
    const told = waiting.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    while (this.in('runs').length > 0) {
      this.steps.end(0);
      await later();
      this.verify();
    }
    expect(await told).toEqual(this.first);
    for (const { id, outcome } of this.tasks) {
      if (this.begun.includes(id)) expect([id, new Error(`task ${id}`)]).toContainEqual(outcome);
      else expect(outcome).toBe(this.group.signal.reason);
    }
  }

  private task(): Task {
    const task: Task = { id: this.tasks.length, state: 'waits', end: () => {} };
    this.tasks.push(task);
    return task;
  }

  private run(task: Task) {
    return () =>
      new Promise<number>((resolve, reject) => {
        expect(this.aborted).toBe(false);
        expect(this.in('runs').length).toBeLessThan(this.limit);
        this.begun.push(task.id);
        task.state = 'runs';
        task.end = (error) => (error === undefined ? resolve(task.id) : reject(error));
      });
  }

  private listen(task: Task, promise: Promise<number>): void {
    // What is added once the signal has aborted fails, and may be the first to do so.
    if (this.aborted) this.first ??= { error: 'called off' };
    const ended = (outcome: unknown) => Object.assign(task, { outcome, state: 'ended' });
    promise.then(ended, ended);
  }

  private in(state: Task['state']): Task[] {
    return this.tasks.filter((task) => task.state === state);
  }
}

const pick = <T>(array: readonly T[], share: number): T | undefined =>
  array[Math.floor(share * array.length)];

type Step = keyof Trial['steps'];
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const one = (...names: Step[]) => fc.tuple(fc.constantFrom(...names), share);
const step = fc.oneof(
  { arbitrary: one('go', 'go', 'tryGo', 'end', 'setLimit'), weight: 40 },
  { arbitrary: one('fail', 'abort'), weight: 1 },
);

it('a group keeps its limit and its order, begins nothing after an abort, and tells the first error, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (script) => {
      const trial = new Trial(2);
      for (const [what, which] of script) {
        trial.steps[what](which);
        await later();
        trial.verify();
      }
      await trial.end();
    }),
    { numRuns: 300 },
  );
});
