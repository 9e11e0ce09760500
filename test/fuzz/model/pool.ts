import { Observable, Subject, Subscription, takeUntil } from 'rxjs';
import {
  aimd,
  gradient2,
  vegas,
  type AdaptiveLimit,
  type LimitSample,
} from 'rxjs-sluice/operators';
import { keyBy, outcomeOf, projectOf, replacement, tellingOf, type Project } from '../callbacks.js';
import type { Place, Slot } from '../kit.js';
import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { Pull } from './pull.js';
import { ModelStage, Overflowed, type Surroundings } from './stage.js';

class TimedOut extends Error {
  override readonly name = 'TaskTimeoutError';
}

type Limited = Exclude<StageOf<'workerPool'>['concurrency'], number>;

/** What tells how many tasks may run, and what hears of those that have ended. */
function limitOf(given: Limited, place: Place): Observable<number> | AdaptiveLimit {
  switch (given.kind) {
    case 'told':
      return tellingOf(given, place);
    case 'gradient2':
      return gradient2(given.options);
    case 'vegas':
      return vegas(given.options);
    case 'aimd':
      return aimd(given.options);
  }
}

/** What a pool goes by: a number, or what moves it. */
export type Moving = number | Observable<number> | AdaptiveLimit;

export const movingOf = (given: StageOf<'workerPool'>['concurrency'], place: Place): Moving =>
  typeof given === 'number' ? given : limitOf(given, place);

/** A value that a worker is busy with, until its task has ended and its results are taken. */
class Task {
  state: 'running' | 'ended' | 'over' = 'running';
  readonly results: Value[] = [];
  /** Whether the value is neither delivered nor dropped yet. */
  uncounted = true;
  replaced = false;
  deadline = Infinity;
  /** When it began, and how many were in progress then, itself included; until its limit hears of it. */
  span: Pick<LimitSample, 'startedAt' | 'inFlight'> | undefined;
  private readonly context = new AbortController();
  private gone = new Subject<void>();
  readonly slot: Slot = { current: this };

  constructor(
    readonly value: Value,
    readonly number: number,
  ) {}

  get signal(): AbortSignal {
    return this.context.signal;
  }

  /** Listens to `input` until it is given up. */
  listen(input: Observable<Value> | Promise<Value>, pool: WorkerPool): void {
    const { gone } = this;
    if (!(input instanceof Observable)) {
      const heard = (): boolean => this.gone === gone;
      input.then(
        (result) => heard() && pool.fulfilled(this, result),
        (error: unknown) => heard() && pool.failed(this, error),
      );
      return;
    }
    input.pipe(takeUntil(gone)).subscribe({
      next: (result) => pool.resulted(this, result),
      error: (error: unknown) => pool.failed(this, error),
      complete: () => {
        if (this.gone === gone) pool.ended(this);
      },
    });
  }

  giveUp(): void {
    const { gone } = this;
    this.gone = new Subject();
    this.context.abort();
    gone.next();
  }

  /** An input that can wait is read one result ahead. */
  room(): number {
    return this.state === 'running' && this.results.length === 0 ? 1 : 0;
  }
  get waiting(): number {
    return this.results.length;
  }
}

/** Whatever comes is a task as soon as a worker, and its key, are free; the rest waits in line. */
export class WorkerPool extends ModelStage {
  /** In the order in which they began. */
  private readonly tasks: Task[] = [];
  /** Unordered: whose results wait, in the order in which they came. */
  private readonly due: Task[] = [];
  /** How many values came before each of those in line. */
  private readonly numbers: number[] = [];
  private came = 0;
  private emitting = false;
  private inProgress = 0;
  private concurrency = 0;
  private queue = 0;
  private readonly adaptive: AdaptiveLimit | undefined;
  private listening: Subscription | undefined;
  private readonly project: Project;

  constructor(
    private readonly given: StageOf<'workerPool'>,
    private readonly moving: Moving,
    ...around: Surroundings
  ) {
    super(given, ...around);
    const { bench, name, level } = this.place;
    this.project = projectOf(given.task, bench, `${name} tasks`, level);
    this.adaptive = typeof moving === 'object' && 'limit$' in moving ? moving : undefined;
    this.limitTo(typeof moving === 'number' ? moving : 0);
  }

  /** Before its source does, what moves its limit begins. */
  override follow(source: Observable<Value>): void {
    const { moving, adaptive } = this;
    if (typeof moving !== 'number') {
      let told = false;
      this.listening = new Subscription();
      const limits = adaptive?.limit$ ?? (moving as Observable<number>);
      const listening = limits.subscribe({
        next: (limit) => {
          told = true;
          this.touched(() => this.limitTo(adaptive?.limit ?? limit));
        },
        complete: () => {
          if (!told) this.touched(() => this.fail(new TypeError()));
        },
      });
      this.listening.add(listening);
    }
    if (this.state !== 'over') super.follow(source);
  }

  /** By default the line has as many places as there are workers: under a limit, as there can ever be. */
  private limitTo(concurrency: number): void {
    const { queue = this.adaptive?.max ?? concurrency } = this.given;
    this.concurrency = concurrency;
    this.queue = queue === Infinity ? 0 : queue;
  }

  /** Idle workers lend theirs; where more run than may, the line keeps its own. */
  get places(): number {
    return this.queue + Math.max(0, this.concurrency - this.tasks.length);
  }

  override get held(): number {
    return this.line.length + this.tasks.filter(({ uncounted }) => uncounted).length;
  }

  protected free(): number {
    return Math.max(0, this.queue + this.concurrency - this.tasks.length - this.line.length);
  }

  get wants(): boolean {
    return this.nextToEmit !== undefined;
  }

  protected override get drained(): boolean {
    return this.line.length === 0 && this.tasks.length === 0;
  }

  /** Only where a worker is idle. */
  protected override looksOnArrival(): boolean {
    return this.tasks.length < this.concurrency;
  }

  protected arrive(value: Value): void {
    if (this.looksOnArrival() && this.line.length === 0 && !this.isBusy(value)) {
      this.begin(value, this.came++);
    } else this.store(value);
  }

  protected override store(value: Value): void {
    const { numbers, line, given } = this;
    numbers.push(this.came++);
    super.store(value);
    if (numbers.length > line.length) {
      this.awake = true; // what is dropped may be what another's turn was waiting for
      if (given.overflow === 'drop-oldest') numbers.shift();
      else numbers.pop();
    }
  }

  protected step(): boolean {
    const task = this.nextToEmit;
    if (task !== undefined && this.roomBelow > 0) {
      this.pass(task, task.results.shift() as Value);
      return true;
    }
    const ended = this.tasks.find((one) => this.isDone(one));
    if (ended !== undefined) {
      this.retire(ended);
      return true;
    }
    return this.startNext();
  }

  private startNext(): boolean {
    const { line, concurrency } = this;
    if (this.occupied >= concurrency) return false;
    // The head may go even where it has lost its place to those that wait for it.
    const next = line.slice(0, Math.max(1, this.places)).findIndex((value) => !this.isBusy(value));
    if (next < 0) return false;
    const [value] = line.splice(next, 1);
    const [number] = this.numbers.splice(next, 1);
    this.begin(value!, number!);
    return true;
  }

  /** How many tasks take up a worker: not those that have ended, and wait for a value that is in line still. */
  private get occupied(): number {
    const { tasks, first, given } = this;
    const lineIsFirst = given.ordered && first !== undefined && !this.isFirst(first);
    return lineIsFirst ? tasks.filter(({ state }) => state === 'running').length : tasks.length;
  }

  private isBusy(value: Value): boolean {
    const { keys } = this.given;
    if (keys === undefined) return false;
    const keyOf = keyBy(keys);
    return this.tasks.some((task) => keyOf(task.value) === keyOf(value));
  }

  // ---- tasks -----------------------------------------------------------------------------------

  private begin(value: Value, number: number): void {
    const task = new Task(value, number);
    this.tasks.push(task);
    const { taskTimeout = Infinity } = this.given;
    task.deadline = this.time.now() + taskTimeout;
    if (this.adaptive !== undefined) {
      task.span = { startedAt: this.time.now(), inFlight: ++this.inProgress };
    }
    try {
      task.listen(
        this.project(value, (values) => this.pullFor(task, values), task),
        this,
      );
    } catch (error) {
      this.failed(task, error);
    }
  }

  private pullFor(task: Task, values: readonly Value[]): Observable<Value> {
    const { bench, level } = this.place;
    return new Observable((subscriber) => {
      new Pull(values, '', level - 0.5, task.slot, subscriber, bench, this.world);
    });
  }

  /** A result has come: it goes at once, if it is its turn, and else waits for that. */
  resulted(task: Task, result: Value): void {
    if (task.state === 'running') this.took(task, result);
  }

  /** A promise has ended when its result comes. */
  fulfilled(task: Task, result: Value): void {
    if (task.state !== 'running') return;
    this.world.happens(() => {
      task.state = 'ended';
      this.sample(task);
      if (this.state !== 'over') this.took(task, result);
    });
  }

  private took(task: Task, result: Value): void {
    const { ordered, maxParked = Infinity } = this.given;
    const turn = ordered ? this.isFirst(task) && task.results.length === 0 : this.due.length === 0;
    this.touched(() => {
      if (turn && !this.emitting && this.roomBelow > 0) {
        this.pass(task, result);
      } else {
        task.results.push(result);
        if (!ordered) this.due.push(task);
        if (task.results.length > maxParked + 1) this.fail(new Overflowed());
      }
    });
  }

  ended(task: Task): void {
    if (task.state !== 'running') return;
    this.touched(() => {
      this.sample(task);
      task.state = 'ended';
    });
  }

  /** The limit hears of a task that has ended, before anything follows from that. */
  private sample(task: Task, failure?: { readonly error: unknown }): void {
    const { span } = task;
    if (span === undefined) return;
    task.span = undefined;
    this.inProgress--;
    const { concurrency } = this.given;
    const asked =
      typeof concurrency === 'object' && 'outcome' in concurrency && concurrency.outcome;
    const usual =
      failure === undefined ? 'success' : failure.error instanceof TimedOut ? 'dropped' : 'ignore';
    const outcome = (asked ? outcomeOf(failure?.error, task.value) : undefined) ?? usual;
    if (outcome === 'ignore') return;
    const { busy } = this;
    this.busy = true;
    const latencyMs = this.time.now() - span.startedAt;
    this.adaptive?.sample({ ...span, latencyMs, dropped: outcome === 'dropped' });
    this.busy = busy;
  }

  failed(task: Task, error: unknown): void {
    if (task.state !== 'running') return;
    const { onTaskError = 'fail' } = this.given;
    task.deadline = Infinity;
    this.world.meanwhile(() => this.sample(task, { error }));
    if (onTaskError === 'fail' || task.replaced) {
      this.fail(error);
    } else if (onTaskError === 'replace') {
      task.replaced = true;
      task.listen(replacement(task.value), this);
      this.touched(() => {});
    } else {
      if (task.results.length === 0 && task.uncounted) {
        task.uncounted = false;
        this.drop(task.value, 'task-error');
      }
      this.ended(task);
    }
  }

  // ---- results ---------------------------------------------------------------------------------

  private get first(): Task | undefined {
    return this.tasks.toSorted((a, b) => a.number - b.number)[0];
  }

  /** Where order counts, no value before its own may be in line. */
  private isFirst(task: Task): boolean {
    return this.first === task && !this.numbers.some((number) => number < task.number);
  }

  private get nextToEmit(): Task | undefined {
    if (!this.given.ordered) return this.due[0];
    const { first } = this;
    return first !== undefined && this.isFirst(first) && first.results.length > 0
      ? first
      : undefined;
  }

  private pass(task: Task, result: Value): void {
    if (this.due[0] === task) this.due.shift();
    task.uncounted = false;
    if (this.isDone(task)) this.retire(task);
    const { busy } = this;
    this.busy = this.emitting = true;
    this.emit(result);
    this.busy = busy;
    this.emitting = false;
  }

  /** Its results are taken, and it is its turn: its worker is free again. */
  private isDone(task: Task): boolean {
    const done = task.state === 'ended' && task.results.length === 0;
    return done && (!this.given.ordered || this.isFirst(task));
  }

  private retire(task: Task): void {
    this.tasks.splice(this.tasks.indexOf(task), 1);
    task.state = 'over';
  }

  // ---- time and ends -----------------------------------------------------------------------------

  protected override get wakesAt(): number | undefined {
    const running = this.tasks.filter(({ state }) => state === 'running');
    return running.length > 0 ? Math.min(...running.map(({ deadline }) => deadline)) : undefined;
  }

  protected override wake(): void {
    const now = this.time.now();
    for (const task of [...this.tasks]) {
      if (task.state !== 'running' || task.deadline > now) continue;
      task.giveUp();
      this.failed(task, new TimedOut());
    }
    super.wake();
  }

  protected override halt(): readonly Value[] {
    const { tasks } = this;
    this.listening?.unsubscribe();
    const held = tasks.filter(({ uncounted }) => uncounted).map(({ value }) => value);
    for (const task of tasks) task.state = 'over';
    for (const task of tasks) task.giveUp();
    tasks.length = 0;
    return held;
  }
}
