import {
  Subject,
  bufferTime,
  concat,
  from,
  lastValueFrom,
  mergeMap,
  of,
  range,
  throwError,
  toArray,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { batchWithTimeout, workerPool } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

const isStock7 = process.env['RXJS'] !== 'rxjs-8';
const collect = <T>(seen: T[]) => ({
  next: (value: T) => seen.push(value),
  error: (error: unknown) => seen.push(error as T),
});

type Project = (n: number) => Observable<number>;

it('one asynchronous inner before synchronous ones: mergeMap stalls on 10,000, workerPool takes 1e6', () => {
  const after = (
    synchronous: number,
    run: (project: Project) => OperatorFunction<number, number>,
  ) => {
    const first = new Subject<number>();
    let seen = 0;
    let completed = false;
    const project = (n: number) => (n === 0 ? first : of(n));
    range(0, 1 + synchronous)
      .pipe(run(project))
      .subscribe({ next: () => seen++, error: () => {}, complete: () => (completed = true) });
    try {
      first.complete();
    } catch {
      // stock RxJS overflows the stack somewhere on the way
    }
    return { seen, completed };
  };
  const pooled = after(1e6, (project) => workerPool(1, project, { maxParked: Infinity }));
  expect(pooled).toEqual({ seen: 1e6, completed: true });
  const stock = after(10_000, (project) => mergeMap(project, 1));
  if (isStock7) expect(stock).toMatchObject({ completed: false });
});

it('bufferTime with a size loses values of a synchronous source, batchWithTimeout does not', async () => {
  const whole = range(0, 10).pipe(batchWithTimeout(3, 1000), toArray());
  expect(await lastValueFrom(whole)).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
  const stock = await lastValueFrom(range(0, 10).pipe(bufferTime(1000, 1000, 3), toArray()));
  expect(stock).toEqual([[0, 1, 2]]);
});

it('an error discards the open batch of bufferTime, and follows that of batchWithTimeout', () => {
  const source = concat(
    from([1, 2]),
    throwError(() => 'error'),
  );
  const stock: unknown[] = [];
  const ours: unknown[] = [];
  source.pipe(bufferTime(1000)).subscribe(collect(stock));
  source.pipe(batchWithTimeout(9, 1000)).subscribe(collect(ours));
  expect(stock).toEqual(['error']);
  expect(ours).toEqual([[1, 2], 'error']);
});
