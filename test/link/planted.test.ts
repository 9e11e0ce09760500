import { NEVER, Observable, Subject, Subscriber, merge, of, takeUntil } from 'rxjs';
import { unlinked } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';
import {
  classify,
  OTHER,
  type Bench,
  type Build,
  type LinkClass,
  type Token,
} from './experiment.js';

/** Hears the probe's values, and has the consumer below as its destination, as stock operators do. */
class Hearing extends Subscriber<Token> {
  constructor(
    destination: Subscriber<Token>,
    private readonly hear: (value: Token) => void,
  ) {
    super(destination);
  }

  override next(value: Token): void {
    this.hear(value);
  }
}

/** A pipe with an operator in it that is written by hand, so that what it does is known. */
const by =
  (create: (out: Subscriber<Token>, bench: Bench) => (value: Token) => void): Build =>
  (probe, bench) =>
    new Observable<Token>((out) => probe.subscribe(new Hearing(out, create(out, bench))));

interface Planted {
  readonly title: string;
  readonly is: LinkClass;
  readonly build: Build;
}

const planted: readonly Planted[] = [
  {
    title: 'passes every value on',
    is: 'transparent',
    build: by((out) => (value) => out.next(value)),
  },
  {
    title: 'passes every tenth value on',
    is: 'transparent',
    build: by((out) => (value) => value.key % 10 === 0 && out.next(value)),
  },
  {
    title: 'makes three of each value',
    is: 'transparent',
    build: by((out) => (value) => [value, value, value].forEach((each) => out.next(each))),
  },
  {
    title: 'collects a few values',
    is: 'transparent',
    build: by((out) => {
      let batch: Token[] = [];
      return (value) => {
        if (batch.push(value) < 3) return;
        batch.forEach((each) => out.next(each));
        batch = [];
      };
    }),
  },
  {
    title: 'passes one value on, and keeps the others',
    is: 'opaque',
    build: by((out) => {
      const kept: Token[] = [];
      return (value) => kept.push(value) === 1 && out.next(value);
    }),
  },
  {
    title: 'passes something on for each value, later',
    is: 'opaque',
    build: by((out, { clock }) => () => {
      clock.schedule(() => out.next({ key: 0 }), 5);
    }),
  },
  {
    title: 'passes values on through another stage',
    is: 'wrong stage',
    build: by((out, { stage }) => {
      const within = new Subject<Token>();
      out.add(within.pipe(stage).subscribe((value) => out.next(value)));
      return (value) => within.next(value);
    }),
  },
  {
    title: 'passes on a value of another source when one of the probe comes',
    is: 'notifier',
    build: by((out) => () => out.next(OTHER)),
  },
  {
    title: 'has an observer of its own',
    is: 'cut',
    build: (probe) => new Observable((out) => probe.subscribe((value) => out.next(value))),
  },
  {
    title: 'has unlinked() above it',
    is: 'cut',
    build: (probe) => NEVER.pipe(takeUntil(probe.pipe(unlinked()))),
  },
];

for (const { title, is, build } of planted) {
  it(`an operator that ${title} is seen to be: ${is}`, async () => {
    expect(await classify(build)).toBe(is);
  });
}

it('a pipe that tells nothing of the link is an error', async () => {
  const broken: Build[] = [
    () => NEVER,
    (probe) => merge(of(OTHER, OTHER, OTHER, OTHER), probe),
    (probe, { stage }) => merge(probe.pipe(stage), probe),
    (probe) => merge(probe, new Observable((out) => out.error(new Error('as planned')))),
  ];
  const told = await Promise.allSettled(broken.map(classify));
  expect(told.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual([
    'Error: The probe was never subscribed.',
    'Error: The probe handed nothing over.',
    'Error: The probe linked to several.',
    'Error: as planned',
  ]);
});
