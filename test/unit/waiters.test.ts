import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  RoomWaiters,
  WaitList,
  Waiter,
  dismiss,
  leaveOnAbort,
  needsLook,
  resolveAll,
} from '../../src/line/waiters.js';
import { uncaughtBy } from '../support/uncaught-by.js';

const nobody = () => {};

describe('a wait list', () => {
  type Entry = Waiter<never, void>;

  const listOf = (count: number) => {
    const list = new WaitList<never, void>();
    const waiters = Array.from({ length: count }, () => new Waiter<never, void>(nobody));
    for (const waiter of waiters) list.push(waiter);
    return { list, waiters };
  };

  /** `share` says which of those that wait, or waited, as a share of them. */
  const steps = {
    push: (list: WaitList<never, void>, array: Entry[], all: Entry[]) => {
      const waiter = new Waiter<never, void>(nobody);
      list.push(waiter);
      array.push(waiter);
      all.push(waiter);
    },
    shift: (list: WaitList<never, void>, array: Entry[]) => {
      expect(list.shift()).toBe(array.shift());
    },
    remove: (list: WaitList<never, void>, array: Entry[], all: Entry[], share: number) => {
      const waiter = all[Math.floor(share * all.length)];
      if (waiter === undefined) return;
      const waits = array.includes(waiter);
      if (waits) array.splice(array.indexOf(waiter), 1);
      expect(list.remove(waiter)).toBe(waits);
    },
  };
  const name = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('does as an array does, whoever comes and leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, share), { maxLength: 60, size: 'max' }), (script) => {
        const list = new WaitList<never, void>();
        const array: Entry[] = [];
        const all: Entry[] = [];
        for (const [step, which] of script) {
          steps[step](list, array, all, which);
          // By identity: a waiter knows its neighbours, and they theirs.
          const waiting = list.all();
          expect(waiting.map((waiter) => all.indexOf(waiter))).toEqual(
            array.map((waiter) => all.indexOf(waiter)),
          );
          expect([list.size, list.head === array[0]]).toEqual([array.length, true]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lets one that left come again, at the end', () => {
    const { list, waiters } = listOf(2);
    list.remove(waiters[0]!);
    list.push(waiters[0]!);
    expect(list.shift() === waiters[1]).toBe(true);
    expect(list.shift() === waiters[0]).toBe(true);
  });

  it('does not let one leave that stands in another', () => {
    const { waiters } = listOf(1);
    const { list } = listOf(1);
    expect([list.remove(waiters[0]!), list.size]).toEqual([false, 1]);
  });

  it.each(['shift', 'remove'] as const)('tells one that leaves by %s, once', (by) => {
    const { list, waiters } = listOf(2);
    const hasLeft = vi.fn(() => list.size);
    waiters[0]!.hasLeft = hasLeft;
    list[by](waiters[0]!);
    list.remove(waiters[0]!);
    // It is told when it is out.
    expect(hasLeft.mock.results).toEqual([{ type: 'return', value: 1 }]);
  });

  it('is left from the middle in as many steps, however many wait', () => {
    /** How often a field of anyone who waits is read or written when the one in the middle leaves. */
    const steps = (count: number): number => {
      const list = new WaitList<never, void>();
      let touched = 0;
      const counted = Array.from(
        { length: count },
        () =>
          new Proxy(new Waiter<never, void>(nobody), {
            get(...given) {
              touched++;
              return Reflect.get(...given) as unknown;
            },
            set(...given) {
              touched++;
              return Reflect.set(...given);
            },
          }),
      );
      for (const waiter of counted) list.push(waiter);
      touched = 0;
      list.remove(counted[count >> 1]!);
      return touched;
    };
    expect(steps(10)).toBeGreaterThan(0);
    expect(steps(10_000)).toBe(steps(10));
  });
});

describe('a wait with a signal', () => {
  const wait = (signal: AbortSignal | undefined) => {
    const list = new WaitList<never, string>();
    const heard: string[] = [];
    const waiter = new Waiter<never, string>(
      (result) => heard.push(result),
      (reason) => heard.push(`rejected: ${String(reason)}, ${list.size} wait`),
    );
    list.push(waiter);
    leaveOnAbort(waiter, signal, () => heard.push('left'));
    return { list, waiter, heard };
  };

  it('leaves the list when that aborts, rejects with its reason, and then tells that it has left', () => {
    const controller = new AbortController();
    const { list, heard } = wait(controller.signal);
    controller.abort('stop');
    expect([list.size, heard]).toEqual([0, ['rejected: stop, 0 wait', 'left']]);
  });

  it('ends at once where that has aborted while it began', () => {
    const controller = new AbortController();
    controller.abort('stop');
    const { list, heard } = wait(controller.signal);
    expect([list.size, heard]).toEqual([0, ['rejected: stop, 0 wait', 'left']]);
  });

  it('hears nothing of an abort after it has left', () => {
    const controller = new AbortController();
    const { list, heard } = wait(controller.signal);
    list.shift()?.resolve('given');
    controller.abort('stop');
    expect(heard).toEqual(['given']);
  });

  it.each(['abort', 'leave'])('listens once, and no longer than until its %s', (how) => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { list } = wait(signal);
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 0]);
    if (how === 'abort') controller.abort();
    else list.shift();
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });

  it('does not listen when it has left before', () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    leaveOnAbort(new Waiter<never, void>(nobody), signal);
    expect(added).not.toHaveBeenCalled();
  });

  it('need not have one', () => {
    const { list, waiter } = wait(undefined);
    expect([list.remove(waiter), waiter.hasLeft]).toEqual([true, undefined]);
  });
});

it('whoever waits for an event goes on when it happens, and waits no longer', () => {
  const list = new WaitList<never, void>();
  const heard: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    list.push(new Waiter<never, void>(() => heard.push(`${name}, ${list.size} wait`)));
  }
  resolveAll(list);
  expect(heard).toEqual(['a, 2 wait', 'b, 1 wait', 'c, 0 wait']);
});

describe('those who wait for room', () => {
  /** An owner of so much room; each of those who are woken is told by its name. */
  const room = (available: number) => {
    const owner = { available };
    const waiters = new RoomWaiters<string>(() => owner.available);
    const woken: string[] = [];
    const add = (name: string, then = () => {}) =>
      waiters.add(() => {
        woken.push(name);
        then();
      });
    return { owner, waiters, woken, add };
  };

  it('are woken in order', () => {
    const { waiters, woken, add } = room(9);
    for (const name of ['a', 'b', 'c']) add(name);
    waiters.wake();
    expect([woken, waiters.size]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('go on waiting while there is no room, or when it is gone', () => {
    const { owner, waiters, woken, add } = room(0);
    for (const name of ['a', 'b', 'c']) add(name, () => owner.available--);
    waiters.wake();
    expect(woken).toEqual([]);
    owner.available = 2;
    waiters.wake();
    expect([woken, waiters.size]).toEqual([['a', 'b'], 1]);
  });

  it('stand in one queue, sends and producers; a send goes in, and then goes on', () => {
    const { waiters, woken, add } = room(9);
    add('a');
    const sent = () => woken.push('sent');
    waiters.push(
      new Waiter<string, void>(sent, nobody, (value) => woken.push(`in: ${value}`), 'b'),
    );
    add('c');
    waiters.wake();
    expect(woken).toEqual(['a', 'in: b', 'sent', 'c']);
  });

  it('are out of the list before they are woken', () => {
    const { waiters, add } = room(9);
    const sizes: number[] = [];
    const cancel = add('a', () => {
      sizes.push(waiters.size);
      cancel();
      sizes.push(waiters.size);
    });
    add('b');
    waiters.wake();
    expect(sizes).toEqual([1, 1]);
  });

  it('belong to the next round when they begin to wait during one', () => {
    const { waiters, woken, add } = room(9);
    add('a', () => add('a again'));
    add('b');
    waiters.wake();
    expect([woken, waiters.size]).toEqual([['a', 'b'], 1]);
    waiters.wake();
    expect(woken).toEqual(['a', 'b', 'a again']);
  });

  it('see a round follow that is called for during one, not begin inside it', () => {
    const { waiters, woken, add } = room(9);
    add('a', () => {
      add('a again');
      waiters.wake();
      woken.push('a ends');
    });
    add('b');
    waiters.wake();
    expect(woken).toEqual(['a', 'a ends', 'b', 'a again']);
  });

  it('keep the stack flat, however often they come again', () => {
    const { waiters } = room(9);
    let left = 100_000;
    let depth = 0;
    let deepest = 0;
    const again = () => {
      deepest = Math.max(deepest, ++depth);
      if (--left > 0) {
        waiters.add(again);
        waiters.wake();
      }
      depth--;
    };
    waiters.add(again);
    waiters.wake();
    expect([left, deepest]).toEqual([0, 1]);
  });

  it('are not woken once they have given up, not even by one before them in the round', () => {
    const { waiters, woken, add } = room(9);
    let giveUp = nobody;
    add('a', () => giveUp());
    giveUp = add('b');
    add('c');
    waiters.wake();
    giveUp();
    expect([woken, waiters.size]).toEqual([['a', 'c'], 0]);
  });

  it('all leave unwoken when they are dismissed, even during a round', () => {
    const waiters = new RoomWaiters(() => 9);
    const woken: string[] = [];
    waiters.add(() => {
      woken.push('a');
      dismiss(waiters);
    });
    waiters.add(() => woken.push('b'));
    waiters.wake();
    expect([woken, waiters.size]).toEqual([['a'], 0]);
  });

  it('ask, and are woken at once where there is room, in their turn', () => {
    const { owner, waiters, woken, add } = room(0);
    add('a');
    waiters.ask(() => woken.push('b'));
    expect(woken).toEqual([]);
    owner.available = 1;
    waiters.ask(() => woken.push('c'))();
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  it('do not take a place of their own making; those behind them do', () => {
    const { owner, waiters, woken, add } = room(1);
    const selecting = new Waiter<string, void>(() => woken.push('a'));
    selecting.own = 1;
    waiters.push(selecting);
    add('b');
    waiters.wake();
    expect([woken, waiters.size]).toEqual([['b'], 1]);
    owner.available = 2;
    waiters.wake();
    expect(woken).toEqual(['b', 'a']);
  });

  it('hear of room though one before them throws, which the host hears of', async () => {
    const { waiters, woken, add } = room(9);
    add('a', () => {
      throw new Error('a');
    });
    add('b');
    const uncaught = await uncaughtBy(() => waiters.wake());
    expect([woken, waiters.waking, uncaught]).toEqual([['a', 'b'], false, [new Error('a')]]);
  });

  it.each([true, false])('need a look without a round where the owner is idle: %s', (idle) => {
    const waiters = new RoomWaiters(() => 9);
    waiters.add(nobody);
    expect(needsLook(waiters, idle)).toBe(idle);
  });

  it('need a look during a round where there is room for one more, idle or not', () => {
    let available = 3;
    const waiters = new RoomWaiters(() => available);
    const looked: boolean[] = [];
    const take = () => {
      available--;
      waiters.add(take);
      for (const idle of [true, false]) looked.push(needsLook(waiters, idle));
    };
    for (let n = 0; n < 3; n++) waiters.add(take);
    waiters.wake();
    expect(looked).toEqual([true, true, true, true, false, false]);
  });

  it('tell whether a round is under way', () => {
    const { waiters, woken, add } = room(9);
    add('a', () => woken.push(String(waiters.waking)));
    waiters.wake();
    expect([woken, waiters.waking]).toEqual([['a', 'true'], false]);
  });
});
