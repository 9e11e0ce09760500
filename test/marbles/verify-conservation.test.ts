import { Subject, from } from 'rxjs';
import { ConservationError, takeOn, verifyConservation, type Counts } from 'rxjs-sluice/marbles';
import { bufferedChannel, StageMeter } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';

const counts = (received: number, delivered: number, dropped: number, held: number): Counts => ({
  received,
  delivered,
  dropped,
  held,
});

describe('verifyConservation', () => {
  it('is silent where received = delivered + dropped + held', () => {
    expect(() => verifyConservation(counts(0, 0, 0, 0))).not.toThrow();
    expect(() => verifyConservation(counts(6, 1, 2, 3))).not.toThrow();
  });

  it('of no meter is silent', () => {
    expect(() => verifyConservation()).not.toThrow();
  });

  for (const [title, wrong] of [
    ['a value lost', counts(6, 1, 2, 2)],
    ['a value made up', counts(6, 1, 2, 4)],
    ['a value delivered twice', counts(1, 2, 0, 0)],
    ['a drop that was not counted', counts(3, 1, 0, 1)],
  ] as const) {
    it(`throws for ${title}, with the counts`, () => {
      expect(() => verifyConservation(wrong)).toThrow(ConservationError);
      expect(() => verifyConservation(wrong)).toThrow(new ConservationError(wrong));
    });
  }

  it('throws for the first of several of which it does not hold', () => {
    const good = counts(1, 1, 0, 0);
    const bad = { ...counts(1, 0, 0, 0), name: 'second' };
    const worse = { ...counts(9, 0, 0, 0), name: 'third' };
    expect(() => verifyConservation(good, bad, worse)).toThrow('second received 1');
  });

  it('reads a meter of a stage that runs, at any time', () => {
    const meter = new StageMeter('input');
    const source = new Subject<number>();
    const ticks = new Subject<void>();
    const stage = bufferedChannel<number>(1, { meter, overflow: 'drop-oldest' });
    const subscription = source
      .pipe(stage, takeOn(ticks))
      .subscribe(() => verifyConservation(meter));
    verifyConservation(meter);
    for (const n of [1, 2, 3]) {
      source.next(n);
      verifyConservation(meter);
    }
    ticks.next();
    verifyConservation(meter);
    source.next(4);
    subscription.unsubscribe();
    verifyConservation(meter);
    expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([4, 1, 3, 0]);
  });

  it('takes a meter that follows no stage yet', () => {
    expect(() => verifyConservation(new StageMeter())).not.toThrow();
  });

  it('sees through a stage that counts wrongly', () => {
    const meter = new StageMeter('stage');
    from([1, 2]).pipe(bufferedChannel(1, { meter })).subscribe();
    const lying = {
      name: meter.name,
      received: 3,
      delivered: meter.delivered,
      dropped: 0,
      held: 0,
    };
    expect(() => verifyConservation(meter, lying)).toThrow(new ConservationError(lying));
  });
});

describe('ConservationError', () => {
  it('says what does not add up, and where', () => {
    const error = new ConservationError({ ...counts(6, 1, 2, 4), name: 'input' });
    expect(error.message).toBe('input received 6, but delivered 1 + dropped 2 + held 4 = 7');
    expect(new ConservationError(counts(1, 0, 0, 0)).message).toBe(
      'The stage received 1, but delivered 0 + dropped 0 + held 0 = 0',
    );
  });

  it('is an Error with a name, a code, and the counts', () => {
    const wrong = counts(1, 0, 0, 0);
    const error = new ConservationError(wrong);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.counts]).toEqual([
      'ConservationError',
      'ERR_CONSERVATION',
      wrong,
    ]);
  });
});
