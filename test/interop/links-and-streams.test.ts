import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import {
  EMPTY,
  NEVER,
  Observable,
  Subject,
  concat,
  connect,
  filter,
  lastValueFrom,
  map,
  mergeMap,
  of,
  share,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  DemandRequiredError,
  bufferedChannel,
  explain,
  pullFrom,
  toAsyncIterable,
  unlinked,
  workerPool,
  type LinkReport,
} from 'rxjs-sluice/operators';
import { describe, expect, it, vi } from 'vitest';

it('explain tells what every stage and source linked to, and why not', () => {
  const links: LinkReport[] = [];
  const pipe = pullFrom([1, 2]).pipe(
    map((n) => n),
    filter((n) => n > 0),
    bufferedChannel(3),
    unlinked(),
    workerPool(2, async (n) => n),
  );
  explain(pipe, (link) => links.push(link)).subscribe();
  expect(links).toEqual([
    expect.objectContaining({ from: 'workerPool(2)', to: undefined, because: 'end' }),
    expect.objectContaining({ from: 'bufferedChannel(3)', to: undefined, because: 'unlinked' }),
    { from: 'pullFrom', to: 'bufferedChannel(3)', through: 2, because: 'linked' },
  ]);
});

it('explain prints each link as a sentence, where it is not told who hears of them', () => {
  const printed = vi.spyOn(console, 'info').mockImplementation(() => {});
  const pipe = pullFrom([1, 2]).pipe(
    bufferedChannel(4),
    map((n) => n),
    bufferedChannel(3),
    map((n) => n),
    map((n) => n),
    bufferedChannel(2),
    unlinked(),
    workerPool(of(1), (n) => of(n)),
  );
  explain(pipe).subscribe();
  expect(printed.mock.calls).toEqual([
    [
      'workerPool(moving) is not linked: below it is a consumer that takes all it is given, or an ' +
        'operator that multicasts or subscribes by hand',
    ],
    ['bufferedChannel(2) is not linked: unlinked() cuts the link below it'],
    ['bufferedChannel(3) is linked to bufferedChannel(2) (through 2 other operators)'],
    ['bufferedChannel(4) is linked to bufferedChannel(3) (through 1 other operator)'],
    ['pullFrom is linked to bufferedChannel(4)'],
  ]);
  printed.mockRestore();
});

it('what is listened to beside the source links to nothing, and is said to end', () => {
  const reasons: string[] = [];
  const credit = pullFrom([1], { onLink: ({ because }) => reasons.push(because) });
  of(1).pipe(bufferedChannel(1, { credit })).subscribe();
  expect(reasons).toEqual(['end']);
});

it.each([
  ['explain', 'source', 'an Observable', 5, () => explain(5 as never)],
  ['explain', 'source', 'an Observable', undefined, () => explain(undefined as never)],
  ['explain', 'onLink', 'a function', 5, () => explain(NEVER, 5 as never)],
  ['toAsyncIterable', 'source', 'an Observable', 5, () => toAsyncIterable(5 as never)],
])('%s refuses at the call a `%s` that is not %s: %s', (_, name, what, given, call) => {
  expect(call).toThrow(new TypeError(`Expected \`${name}\` to be ${what}, got ${given}`));
});

it('explain tells each who listens: the stage, and all below; a demand without a name is `demand`', () => {
  const heard: unknown[] = [];
  const listener =
    (name: string) =>
    ({ from, to, through }: LinkReport) =>
      heard.push([name, from, to, through]);
  const inner = explain(pullFrom([1], { onLink: listener('source') }), listener('inner'));
  const pipe = inner.pipe(
    map((n) => n),
    takeOn(NEVER),
  );
  explain(pipe, listener('outer')).subscribe();
  expect(heard).toEqual(
    ['source', 'inner', 'outer'].map((name) => [name, 'pullFrom', 'demand', 2]),
  );
});

it('explain hears of links that are made inside a task, later', () => {
  const links: string[] = [];
  const source = new Subject<number>();
  const pipe = source.pipe(workerPool(1, () => pullFrom([1])));
  explain(pipe, ({ from, to }) => links.push(`${from} → ${to ?? 'nothing'}`)).subscribe();
  source.next(1);
  expect(links).toEqual(['workerPool(1) → nothing', 'pullFrom → worker 0 of workerPool(1)']);
});

describe('above a cut explain hears', () => {
  const pool = () => workerPool(2, async (n: number) => n);
  const by = (report: LinkReport) => `${report.from} → ${report.to ?? report.because}`;
  /** The links that `explain` hears of as it subscribes `pipe`. */
  const heardOf = (pipe: Observable<unknown>): string[] => {
    const links: string[] = [];
    explain(pipe, (link) => links.push(by(link))).subscribe({ error: () => {} });
    return links;
  };

  it.each<[string, (source: Observable<number>) => Observable<number>]>([
    ['share', share()],
    ['connect', connect((values) => values)],
    [
      'an observer made by hand',
      (source) => new Observable((to) => source.subscribe({ next: (n) => to.next(n) })),
    ],
  ])('what stands there: above %s', (_, cut) => {
    const source = pullFrom([1, 2]).pipe(bufferedChannel(4));
    expect(heardOf(source.pipe(cut, pool()))).toEqual([
      'workerPool(2) → end',
      'bufferedChannel(4) → end',
      'pullFrom → bufferedChannel(4)',
    ]);
  });

  it('what requires demand there, and fails for want of it', () => {
    const source = pullFrom([1, 2], { requireDemand: true });
    expect(heardOf(source.pipe(share(), pool()))).toEqual([
      'workerPool(2) → end',
      'pullFrom → end',
    ]);
  });

  it('what stands there once, wherever below it stands itself', () => {
    const heard: string[] = [];
    const named = (name: string) => (link: LinkReport) => heard.push(`${name}: ${by(link)}`);
    const source = explain(pullFrom([1]).pipe(share(), bufferedChannel(4)), named('inner'));
    const pipe = source.pipe(share(), pool());
    explain(explain(pipe, named('middle')), named('outer')).subscribe();
    expect(heard.sort()).toEqual([
      'inner: bufferedChannel(4) → end',
      'inner: pullFrom → end',
      ...['middle', 'outer'].flatMap((name) => [
        `${name}: bufferedChannel(4) → end`,
        `${name}: pullFrom → end`,
        `${name}: workerPool(2) → end`,
      ]),
    ]);
  });

  it('once with a function that two explain with', () => {
    const links: string[] = [];
    const log = (link: LinkReport) => links.push(by(link));
    explain(explain(pullFrom([1]), log).pipe(share(), pool()), log).subscribe();
    expect(links).toEqual(['workerPool(2) → end', 'pullFrom → end']);
  });

  it('nothing of what subscribes there later', () => {
    const start = new Subject<void>();
    const source = start.pipe(mergeMap(() => pullFrom([1])));
    const links: string[] = [];
    explain(source.pipe(share(), pool()), (link) => links.push(by(link))).subscribe();
    start.next();
    expect(links).toEqual(['workerPool(2) → end']);
  });

  it.each<[string, Observable<number>]>([
    ['a value', of(1)],
    ['the completion', EMPTY],
    ['the error', throwError(() => 'failed')],
  ])('nothing of what its consumer subscribes as it is given %s', (_, source) => {
    const links: string[] = [];
    const own = () => pullFrom([1]).subscribe();
    explain(source, (link) => links.push(by(link))).subscribe({
      next: own,
      complete: own,
      error: own,
    });
    expect(links).toEqual([]);
  });

  it('nothing of what others subscribe when it has passed on a value', () => {
    const links: string[] = [];
    const values = new Subject<number>();
    explain(values, (link) => links.push(by(link))).subscribe();
    values.next(1);
    pullFrom([1]).subscribe();
    expect(links).toEqual([]);
  });

  it('nothing of what is subscribed by whoever is told', () => {
    const links: string[] = [];
    const tell = (link: LinkReport) => {
      pullFrom([by(link)])
        .pipe(bufferedChannel(1))
        .subscribe((line) => links.push(line));
    };
    explain(pullFrom([1]).pipe(share()), tell).subscribe();
    expect(links).toEqual(['pullFrom → end']);
  });

  it('what subscribes there once it has passed a value on', () => {
    const source = concat(of(0), pullFrom([1]));
    expect(heardOf(source.pipe(share()))).toEqual(['pullFrom → end']);
  });

  it('what stands below another, and subscribes as that passes a value on', () => {
    const inner = explain(of(1), () => {});
    const within = inner.pipe(mergeMap(() => pullFrom([1]).pipe(share())));
    expect(heardOf(within)).toEqual(['pullFrom → end']);
  });

  it('nothing more once the subscription has thrown', () => {
    const links: string[] = [];
    const thrower = {
      subscribe() {
        throw new Error('no');
      },
    };
    explain(thrower as never, (link) => links.push(by(link))).subscribe({ error: () => {} });
    pullFrom([1]).subscribe();
    expect(links).toEqual([]);
  });
});

it('requireDemand makes a missing link an error that names the stage', () => {
  const errors: unknown[] = [];
  const observer = { error: (error: unknown) => errors.push(error) };
  const source = pullFrom([1, 2], { requireDemand: true });
  source.pipe(bufferedChannel(1)).subscribe(observer);
  source.pipe(share(), bufferedChannel(1)).subscribe(observer);
  pullFrom([1])
    .pipe(bufferedChannel(7, { requireDemand: true }))
    .subscribe(observer);
  expect(errors).toEqual([
    new DemandRequiredError('pullFrom'),
    new DemandRequiredError('bufferedChannel(7)'),
  ]);
});

it('an onLink that throws errors the pipe', () => {
  const errors: unknown[] = [];
  const onLink = () => {
    throw 'onLink';
  };
  pullFrom([1])
    .pipe(bufferedChannel(1, { onLink }))
    .subscribe({ error: (error) => errors.push(error) });
  expect(errors).toEqual(['onLink']);
});

it('project runs in the async context of the subscription, whoever pushes', async () => {
  const storage = new AsyncLocalStorage<string>();
  const source = new Subject<number>();
  const seen: unknown[] = [];
  const results = storage.run('subscribed', () =>
    lastValueFrom(
      source.pipe(
        workerPool(1, async (n) => {
          seen.push(storage.getStore());
          await Promise.resolve();
          return n;
        }),
        toArray(),
      ),
    ),
  );
  storage.run('pushed', () => {
    for (const n of [1, 2, 3]) source.next(n);
    source.complete();
  });
  expect(await results).toEqual([1, 2, 3]);
  expect(seen).toEqual(['subscribed', 'subscribed', 'subscribed']);
});

it('a Node stream is read to its end, or destroyed when the pipe is left', async () => {
  const pool = workerPool(1, async (n: number) => n);
  expect(await lastValueFrom(pullFrom(Readable.from([1, 2, 3])).pipe(pool, toArray()))).toEqual([
    1, 2, 3,
  ]);
  const stream = Readable.from([1, 2, 3]);
  expect(await lastValueFrom(pullFrom(stream).pipe(pool, take(1)))).toBe(1);
  expect(stream.destroyed).toBe(true);
});

it('a web stream is read to its end, or cancelled when the pipe is left', async () => {
  const pool = workerPool(1, async (n: number) => n);
  let cancelled = 0;
  const make = () =>
    new ReadableStream<number>({
      start(controller) {
        for (const n of [1, 2, 3]) controller.enqueue(n);
        controller.close();
      },
    });
  const endless = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(7),
    cancel() {
      cancelled++;
    },
  });
  expect(await lastValueFrom(pullFrom(make()).pipe(pool, toArray()))).toEqual([1, 2, 3]);
  expect(await lastValueFrom(pullFrom(endless).pipe(pool, take(2), toArray()))).toEqual([7, 7]);
  expect(cancelled).toBe(1);
});
