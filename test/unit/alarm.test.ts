import { describe, expect, it } from 'vitest';
import { Alarm, DueAlarm, type Clock } from '../../src/clock.js';

/** The longest delay that a host's timer takes. */
const LONGEST = 2 ** 31 - 1;

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A host whose time passes when it is told to, and whose clock can be set. Its timers mind no clock. */
class Host implements Clock {
  /** How much time has passed in truth. */
  passed = 0;
  /** By how much the clock is wrong. */
  wrong = 0;
  /** By how much each timer is late. */
  late = 0;
  /** The delays of all timers that were ever set. */
  readonly delays: number[] = [];
  readonly timers = new Set<Timer>();

  now(): number {
    return this.passed + this.wrong;
  }

  schedule(task: () => void, delayMs: number): () => void {
    this.delays.push(delayMs);
    const timer = { at: this.passed + delayMs + this.late, task };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  passUntil(end: number): void {
    for (;;) {
      const [next] = [...this.timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.timers.delete(next);
      this.passed = next.at;
      next.task();
    }
    this.passed = end;
  }
}

function setUp() {
  const host = new Host();
  const rang: number[] = [];
  const alarm = new Alarm(host, () => rang.push(host.passed));
  return { host, alarm, rang };
}

describe('an alarm that is set', () => {
  it('rings when it is due, once, and by one timer', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    host.passUntil(99);
    expect([rang, alarm.armed]).toEqual([[], true]);
    host.passUntil(1000);
    expect([rang, alarm.armed, host.delays]).toEqual([[100], false, [100]]);
  });

  it('at 0 rings with the next timer, not at once', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(0);
    expect(rang).toEqual([]);
    host.passUntil(0);
    expect(rang).toEqual([0]);
  });

  it('anew rings at the new time alone, sooner or later', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    alarm.set(50);
    alarm.set(70);
    expect(host.timers.size).toBe(1);
    host.passUntil(1000);
    expect(rang).toEqual([70]);
  });

  it('is not armed when it rings, and can be set from there', () => {
    const { host } = setUp();
    const rang: [at: number, armed: boolean][] = [];
    const alarm: Alarm = new Alarm(host, () => {
      rang.push([host.passed, alarm.armed]);
      if (rang.length < 3) alarm.set(10);
    });
    alarm.set(10);
    host.passUntil(1000);
    expect(rang).toEqual([
      [10, false],
      [20, false],
      [30, false],
    ]);
  });

  it('rings no more when it is stopped, and leaves no timer', () => {
    const { host, alarm, rang } = setUp();
    alarm.stop();
    alarm.set(100);
    alarm.stop();
    alarm.stop();
    expect([alarm.armed, host.timers.size]).toEqual([false, 0]);
    host.passUntil(1000);
    expect(rang).toEqual([]);
  });

  it('at Infinity sets no timer, and takes back the one that was set', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(Infinity);
    expect(host.delays).toEqual([]);
    alarm.set(100);
    alarm.set(Infinity);
    expect([alarm.armed, host.timers.size]).toEqual([false, 0]);
    host.passUntil(1000);
    expect(rang).toEqual([]);
  });
});

describe('under a clock that runs at once what is due at once, an alarm that is set', () => {
  const setUpAtOnce = (rings: (alarm: Alarm, times: number) => void = () => {}) => {
    const host = new Host();
    const atOnce: Clock = {
      now: () => host.now(),
      schedule(task, delayMs) {
        if (delayMs > 0) return host.schedule(task, delayMs);
        task();
        return () => {};
      },
    };
    const rang: number[] = [];
    const alarm: Alarm = new Alarm(atOnce, () => rings(alarm, rang.push(host.passed)));
    return { host, alarm, rang };
  };

  it('is not armed any more when it has rung', () => {
    const { alarm, rang } = setUpAtOnce();
    alarm.set(0);
    expect([rang, alarm.armed]).toEqual([[0], false]);
  });

  it('can be set from there, and stopped', () => {
    const { host, alarm, rang } = setUpAtOnce((alarm, times) => {
      if (times === 1) alarm.set(10);
    });
    alarm.set(0);
    expect([rang, alarm.armed, host.timers.size]).toEqual([[0], true, 1]);
    alarm.stop();
    expect([alarm.armed, host.timers.size]).toEqual([false, 0]);
  });
});

describe('an alarm for an instant', () => {
  function setUpDue() {
    const host = new Host();
    const rang: number[] = [];
    const alarm = new DueAlarm(host, () => rang.push(host.passed));
    return { host, alarm, rang };
  }

  it('rings then, or with the next timer where that is past', () => {
    const { host, alarm, rang } = setUpDue();
    host.passUntil(50);
    alarm.setFor(80);
    host.passUntil(100);
    alarm.setFor(80);
    host.passUntil(100);
    expect([rang, host.delays]).toEqual([
      [80, 100],
      [30, 0],
    ]);
  });

  it('needs no new timer where it is set for that already', () => {
    const { host, alarm, rang } = setUpDue();
    expect(alarm.isSetFor(80)).toBe(false);
    alarm.setFor(80);
    host.passUntil(50);
    expect([alarm.isSetFor(80), alarm.isSetFor(70)]).toEqual([true, false]);
    alarm.setFor(80);
    alarm.setFor(70);
    host.passUntil(100);
    expect([rang, host.delays, alarm.isSetFor(70)]).toEqual([[70], [80, 20], false]);
  });

  it('that was stopped is set for nothing', () => {
    const { host, alarm, rang } = setUpDue();
    alarm.setFor(80);
    alarm.stop();
    expect(alarm.isSetFor(80)).toBe(false);
    alarm.setFor(80);
    host.passUntil(100);
    expect(rang).toEqual([80]);
  });

  it('at Infinity sets no timer, and takes back the one that was set', () => {
    const { host, alarm } = setUpDue();
    expect(alarm.isSetFor(Infinity)).toBe(true);
    alarm.setFor(80);
    expect(alarm.isSetFor(Infinity)).toBe(false);
    alarm.setFor(Infinity);
    expect([alarm.armed, host.timers.size, alarm.isSetFor(Infinity)]).toEqual([false, 0, true]);
  });

  it('knows of a clock that was set back, as it rings', () => {
    const { host, alarm } = setUpDue();
    expect(alarm.isSetBack).toBe(false);
    host.passUntil(50);
    alarm.setFor(80);
    expect([alarm.isSetBack, alarm.due]).toEqual([false, 80]);
    host.wrong = -1;
    expect(alarm.isSetBack).toBe(true);
    host.passUntil(80);
    expect([alarm.isSetBack, alarm.due]).toEqual([false, 80]);
    host.wrong = -31;
    expect(alarm.isSetBack).toBe(true);
  });
});

describe('an alarm that is put off', () => {
  it('rings so long after that, and needs no new timer until the first has gone off', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    for (let at = 10; at <= 90; at += 10) {
      host.passUntil(at);
      alarm.postpone(100);
    }
    expect(host.delays).toEqual([100]);
    host.passUntil(1000);
    expect([rang, host.delays]).toEqual([[190], [100, 90]]);
  });

  it('does not add up how late the timers are', () => {
    const { host, alarm, rang } = setUp();
    host.late = 7;
    alarm.set(100);
    for (const at of [50, 120, 190]) {
      host.passUntil(at);
      alarm.postpone(100);
    }
    host.passUntil(1000);
    expect(rang).toEqual([297]);
  });

  it('counts afresh when it is set again', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    alarm.postpone(500);
    alarm.set(100);
    host.passUntil(1000);
    expect(rang).toEqual([100]);
  });

  it('beyond what a timer takes rings when it is due', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    alarm.postpone(2 * LONGEST);
    host.passUntil(3 * LONGEST);
    expect(rang).toEqual([2 * LONGEST]);
  });
});

describe('a delay beyond what a timer takes', () => {
  it.each([LONGEST, LONGEST + 1, 5 * 2 ** 31])(
    'of %i ms passes in pieces that it takes',
    (delay) => {
      const { host, alarm, rang } = setUp();
      alarm.set(delay);
      host.passUntil(delay - 1);
      expect([rang, alarm.armed, host.timers.size]).toEqual([[], true, 1]);
      host.passUntil(delay);
      expect(rang).toEqual([delay]);
      expect(Math.max(...host.delays)).toBe(LONGEST);
      expect(host.delays).toHaveLength(Math.ceil(delay / LONGEST));
    },
  );

  it('does not add up how late the timers are', () => {
    const { host, alarm, rang } = setUp();
    host.late = 1000;
    alarm.set(5 * 2 ** 31);
    host.passUntil(2 ** 34);
    expect(rang).toEqual([5 * 2 ** 31 + 1000]);
  });

  it('can be stopped in any piece', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(5 * 2 ** 31);
    host.passUntil(2 ** 32);
    alarm.stop();
    expect([alarm.armed, host.timers.size]).toEqual([false, 0]);
    host.passUntil(2 ** 34);
    expect(rang).toEqual([]);
  });
});

describe('a clock that is set back', () => {
  const hour = 3_600_000;

  it.each([100, LONGEST])('is nothing to an alarm that was set for %i ms', (delay) => {
    const { host, alarm, rang } = setUp();
    alarm.set(delay);
    host.wrong = -hour;
    host.passUntil(2 * LONGEST);
    expect(rang).toEqual([delay]);
  });

  // From the timer's going off on there is no telling how much of the delay had passed before.
  it('does not put off an alarm that was put off for longer than was asked', () => {
    const { host, alarm, rang } = setUp();
    alarm.set(100);
    host.passUntil(50);
    alarm.postpone(100);
    host.wrong = -hour;
    host.passUntil(2 * hour);
    expect(rang).toHaveLength(1);
    expect(rang[0]).toBeGreaterThanOrEqual(150);
    expect(rang[0]).toBeLessThanOrEqual(200);
  });

  it('does not put off a long delay for longer than was asked', () => {
    const { host, alarm, rang } = setUp();
    const delay = 2 * LONGEST;
    alarm.set(delay);
    host.wrong = -100 * LONGEST;
    host.passUntil(5 * delay);
    expect(rang).toHaveLength(1);
    expect(rang[0]).toBeGreaterThanOrEqual(delay);
    expect(rang[0]).toBeLessThanOrEqual(delay + LONGEST);
  });
});
