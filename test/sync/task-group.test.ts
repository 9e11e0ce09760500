import { TaskGroup } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';
import { uncaughtBy } from '../support/uncaught-by.js';

/** A task that ends when the test says so. */
function gate<T = void>() {
  let yes!: (result: T) => void;
  let no!: (error: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    yes = resolve;
    no = reject;
  });
  return { yes, no, task: () => promise };
}

/** A task that ends when the signal aborts, with its reason. */
const heeding = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const failing = (message: string) => () => Promise.reject(new Error(message));

/** Whether a promise has settled, and how. */
function watch(promise: Promise<unknown>) {
  const state: { outcome?: unknown } = {};
  promise.then(
    (value) => (state.outcome = ['fulfilled', value]),
    (error: unknown) => (state.outcome = ['rejected', error]),
  );
  return state;
}

describe('a task group', () => {
  it('waits for all tasks, and gives each result to who asked', async () => {
    const group = new TaskGroup();
    const slow = gate<string>();
    const results = [group.go(() => 1), group.go(async () => 'two'), group.go(slow.task)];
    const waiting = watch(group.wait());
    await later();
    expect([waiting, group.running]).toEqual([{}, 1]);
    slow.yes('three');
    await later();
    expect(waiting.outcome).toEqual(['fulfilled', undefined]);
    expect([await Promise.all(results), group.running]).toEqual([[1, 'two', 'three'], 0]);
  });

  it('begins a task at once, in the same turn', () => {
    const group = new TaskGroup();
    const task = vi.fn();
    void group.go(task);
    expect(task.mock.calls).toEqual([[group]]);
  });

  it('has nothing to wait for where there is no task', async () => {
    await new TaskGroup().wait();
  });

  it('waits for tasks that tasks have added, and those', async () => {
    const group = new TaskGroup({ limit: 1 });
    const log: string[] = [];
    const add = (depth: number): void => {
      void group.go(async () => {
        await later();
        log.push(`task ${depth}`);
        if (depth < 3) add(depth + 1);
      });
    };
    add(1);
    await group.wait();
    expect(log).toEqual(['task 1', 'task 2', 'task 3']);
  });

  it.each([
    [{ limit: 0 }, 'Expected `limit` to be an integer ≥ 1 or Infinity, got 0'],
    [{ limit: 1.5 }, 'Expected `limit` to be an integer ≥ 1 or Infinity, got 1.5'],
    [{ limit: NaN }, 'Expected `limit` to be an integer ≥ 1 or Infinity, got NaN'],
    [{ signal: 'stop' }, 'Expected `signal` to be an AbortSignal, got "stop"'],
    [{ signal: { aborted: false } }, 'Expected `signal` to be an AbortSignal, got Object'],
  ])('refuses %j', (wrong, message) => {
    expect(() => new TaskGroup(wrong as never)).toThrow(message);
  });

  it('refuses a task that is no function, at the call, and is not held up by it', async () => {
    const group = new TaskGroup({ limit: 1 });
    const message = 'Expected `task` to be a function, got undefined';
    expect(() => group.go(undefined as never)).toThrow(message);
    expect(() => group.tryGo(undefined as never)).toThrow(message);
    expect(() => group.setLimit(-1)).toThrow('Expected `limit` to be an integer ≥ 1');
    await group.wait();
  });
});

describe('the first error of a group', () => {
  it('aborts the signal with it, and is what wait rejects with when all have ended', async () => {
    const group = new TaskGroup();
    const { signal } = group;
    const [fails, slow] = [gate(), gate()];
    for (const { task } of [fails, slow]) void group.go(task);
    const heeds = watch(group.go(heeding));
    const waiting = watch(group.wait());
    const error = new Error('first');
    fails.no(error);
    await later();
    expect([signal.aborted, signal.reason]).toEqual([true, error]);
    expect([heeds.outcome, waiting]).toEqual([['rejected', error], {}]);
    slow.no(new Error('second'));
    await later();
    expect(waiting.outcome).toEqual(['rejected', error]);
  });

  it('may be thrown at once, and may be `undefined`', async () => {
    const group = new TaskGroup();
    const task = watch(
      group.go(() => {
        throw undefined;
      }),
    );
    expect(group.signal.reason).toMatchObject({ name: 'AbortError' });
    await expect(group.wait()).rejects.toBeUndefined();
    expect(task).toEqual({ outcome: ['rejected', undefined] });
  });

  it('keeps those that wait for their turn from running, and wait does not wait for it', async () => {
    const group = new TaskGroup({ limit: 2 });
    const [fails, slow] = [gate(), gate()];
    for (const { task } of [fails, slow]) void group.go(task);
    const task = vi.fn();
    const queued = [watch(group.go(task)), watch(group.go(task))];
    expect([group.running, group.waiting]).toEqual([2, 2]);
    const error = new Error('first');
    fails.no(error);
    await later();
    expect(queued).toEqual([{ outcome: ['rejected', error] }, { outcome: ['rejected', error] }]);
    expect([task.mock.calls, group.running, group.waiting]).toEqual([[], 1, 0]);
    slow.yes();
    await expect(group.wait()).rejects.toBe(error);
  });

  it('keeps those that are added after it from running', async () => {
    const group = new TaskGroup({ limit: 1 });
    void group.go(failing('first'));
    await later();
    const task = vi.fn();
    await expect(group.go(task)).rejects.toThrow('first');
    await expect(group.tryGo(task)).rejects.toThrow('first');
    group.setLimit(2);
    expect([task.mock.calls, group.running]).toEqual([[], 0]);
    await expect(group.wait()).rejects.toThrow('first');
  });

  it('lets nobody wait for a place any more, whatever the limit is then', async () => {
    const group = new TaskGroup({ limit: 2 });
    const slow = gate();
    void group.go(slow.task);
    void group.go(failing('first'));
    await later();
    group.setLimit(1);
    const added = watch(group.go(vi.fn()));
    await later();
    expect([added.outcome, group.running]).toEqual([['rejected', new Error('first')], 1]);
    slow.yes();
    await expect(group.wait()).rejects.toThrow('first');
  });

  it('is told by each wait', async () => {
    const group = new TaskGroup();
    void group.go(failing('first'));
    for (const waiting of [group.wait(), group.wait()]) {
      await expect(waiting).rejects.toThrow('first');
    }
    await expect(group.wait()).rejects.toThrow('first');
  });
});

describe('the limit of a group', () => {
  it('is how many run; the others begin in their turn', async () => {
    const group = new TaskGroup({ limit: 2 });
    const gates = Array.from({ length: 4 }, () => gate());
    const begun: number[] = [];
    gates.forEach(({ task }, i) => void group.go(() => (begun.push(i), task())));
    expect([begun, group.running, group.waiting, group.limit]).toEqual([[0, 1], 2, 2, 2]);
    gates[1]?.yes();
    await later();
    expect(begun).toEqual([0, 1, 2]);
    gates[2]?.yes();
    await later();
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const { yes } of gates) yes();
    await group.wait();
  });

  it('makes tryGo give undefined, and nobody comes between', async () => {
    const group = new TaskGroup({ limit: 1 });
    const first = gate();
    const log: string[] = [];
    const note = (name: string) => () => void log.push(name);
    expect(group.tryGo(first.task)).toBeInstanceOf(Promise);
    expect(group.tryGo(note('refused'))).toBeUndefined();
    void group.go(note('queued'));
    first.yes();
    await first.task();
    expect(group.tryGo(note('refused'))).toBeUndefined();
    await later();
    expect(log).toEqual(['queued']);
    await group.tryGo(note('last'));
    await group.wait();
    expect(log).toEqual(['queued', 'last']);
  });

  it('can be raised and lowered while tasks run', async () => {
    const group = new TaskGroup({ limit: 1 });
    const gates = Array.from({ length: 5 }, () => gate());
    for (const { task } of gates) void group.go(task);
    group.setLimit(3);
    await later();
    expect([group.running, group.limit]).toEqual([3, 3]);
    group.setLimit(1);
    gates[0]?.yes();
    gates[1]?.yes();
    await later();
    expect(group.running).toBe(1);
    gates[2]?.yes();
    await later();
    expect(group.running).toBe(1);
    group.setLimit(Infinity);
    await later();
    expect([group.running, group.limit]).toEqual([2, Infinity]);
    for (const { yes } of gates) yes();
    await group.wait();
  });

  it('can be waited for, so that tasks do not pile up', async () => {
    const group = new TaskGroup({ limit: 2 });
    let [running, most, waited] = [0, 0, 0];
    for (let i = 0; i < 20; i++) {
      expect(await group.ready()).toBe(true);
      void group.go(async () => {
        most = Math.max(most, ++running);
        await later();
        running--;
      });
      waited = Math.max(waited, group.waiting);
    }
    await group.wait();
    expect([most, waited]).toEqual([2, 0]);
  });

  it('need not be waited for when no task will begin any more', async () => {
    const group = new TaskGroup({ limit: 1 });
    const fails = gate();
    void group.go(fails.task);
    const ready = watch(group.ready());
    await later();
    expect(ready).toEqual({});
    fails.no(new Error('first'));
    await later();
    expect([ready.outcome, await group.ready()]).toEqual([['fulfilled', false], false]);
    await expect(group.wait()).rejects.toThrow('first');
    expect(await group.ready()).toBe(false);
  });

  it('need not be waited for any longer than a signal says', async () => {
    const group = new TaskGroup({ limit: 1 });
    const slow = gate();
    void group.go(slow.task);
    const { controller, listeners } = countingSignal();
    const ready = group.ready({ signal: controller.signal });
    expect(listeners()).toBe(1);
    controller.abort(new Error('enough'));
    await expect(ready).rejects.toThrow('enough');
    await expect(group.ready({ signal: controller.signal })).rejects.toThrow('enough');
    slow.yes();
    expect(await group.ready()).toBe(true);
    await expect(group.ready({ signal: controller.signal })).rejects.toThrow('enough');
    expect(listeners()).toBe(0);
  });
});

describe('the signal of a group', () => {
  it('aborts when the first wait is over', async () => {
    const group = new TaskGroup();
    const { signal } = group;
    void group.go(async () => later());
    const waiting = group.wait();
    await Promise.resolve();
    expect(signal.aborted).toBe(false);
    await waiting;
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });

  it('aborts with the reason of what surrounds the group, which is listened to until it is over', async () => {
    const { controller, listeners } = countingSignal();
    const group = new TaskGroup({ signal: controller.signal });
    expect(listeners()).toBe(0);
    const heeds = watch(group.go(heeding));
    void group.go(heeding);
    expect([group.signal === controller.signal, listeners()]).toEqual([false, 1]);
    controller.abort('called off');
    expect([group.signal.reason, listeners()]).toEqual(['called off', 0]);
    await expect(group.wait()).rejects.toBe('called off');
    expect(heeds.outcome).toEqual(['rejected', 'called off']);
  });

  it('leaves what surrounds the group alone when it is over, and when a task has failed', async () => {
    for (const task of [() => {}, failing('first')]) {
      const { controller, listeners } = countingSignal();
      const group = new TaskGroup({ signal: controller.signal });
      expect([group.signal.aborted, listeners()]).toEqual([false, 1]);
      void group.go(task);
      await group.wait().catch(() => {});
      expect([group.signal.aborted, listeners()]).toEqual([true, 0]);
    }
  });

  it('that nobody reads before the end listens to nothing', async () => {
    const { controller, listeners } = countingSignal();
    const group = new TaskGroup({ signal: controller.signal });
    const add = vi.spyOn(controller.signal, 'addEventListener');
    await Promise.all([group.go(() => 1), group.go(later)]);
    await group.wait();
    expect([group.signal.aborted, add.mock.calls, listeners()]).toEqual([true, [], 0]);
  });

  it('that is aborted by what surrounds it lets no other task begin', async () => {
    const { controller, listeners } = countingSignal();
    const group = new TaskGroup({ signal: controller.signal, limit: 1 });
    const slow = gate();
    void group.go(slow.task);
    const task = vi.fn();
    const queued = watch(group.go(task));
    const ready = watch(group.ready());
    expect(listeners()).toBe(1);
    controller.abort('called off');
    await later();
    expect([queued.outcome, ready.outcome]).toEqual([
      ['rejected', 'called off'],
      ['fulfilled', false],
    ]);
    await expect(group.go(task)).rejects.toBe('called off');
    slow.yes();
    await expect(group.wait()).rejects.toBe('called off');
    expect([task.mock.calls, listeners()]).toEqual([[], 0]);
  });

  it('that has aborted before lets no task begin', async () => {
    const task = vi.fn();
    const group = new TaskGroup({ signal: AbortSignal.abort('before') });
    expect([group.signal.aborted, group.signal.reason]).toEqual([true, 'before']);
    await expect(group.go(task)).rejects.toBe('before');
    expect(await group.ready()).toBe(false);
    await expect(group.wait()).rejects.toBe('before');
    expect(task).not.toHaveBeenCalled();
  });

  it('aborted by what surrounds it is no error where each task has gone well', async () => {
    const controller = new AbortController();
    const group = new TaskGroup({ signal: controller.signal });
    const slow = gate();
    void group.go(slow.task);
    controller.abort('called off');
    slow.yes();
    await group.wait();
    expect(group.signal.reason).toBe('called off');
  });

  it('may lead its listeners back into the group', async () => {
    const group = new TaskGroup({ limit: 1 });
    const task = vi.fn();
    const added: unknown[] = [];
    group.signal.addEventListener('abort', () => {
      added.push(watch(group.go(task)), watch(group.wait()));
    });
    void group.go(failing('first'));
    await expect(group.wait()).rejects.toThrow('first');
    await later();
    const rejected = { outcome: ['rejected', new Error('first')] };
    expect([added, task.mock.calls]).toEqual([[rejected, rejected], []]);
  });
});

describe('a wait for a group', () => {
  it('ends when its signal aborts, and ends nothing else', async () => {
    const group = new TaskGroup();
    const slow = gate();
    void group.go(slow.task);
    const { controller, listeners } = countingSignal();
    const waiting = group.wait({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect([listeners(), group.signal.aborted, group.running]).toEqual([0, false, 1]);
    void group.go(() => 'still');
    slow.yes();
    await group.wait();
  });

  it('is for tasks too that are added when the last has ended', async () => {
    const group = new TaskGroup();
    const [first, second] = [gate(), gate()];
    void group.go(first.task).then(() => group.go(second.task));
    const waiting = watch(group.wait());
    first.yes();
    await later();
    expect([waiting, group.running, group.signal.aborted]).toEqual([{}, 1, false]);
    second.yes();
    await later();
    expect(waiting.outcome).toEqual(['fulfilled', undefined]);
  });

  it('ends the group: no task runs any more, and who adds one has to hear of that', async () => {
    const group = new TaskGroup();
    await group.wait();
    const task = vi.fn();
    await expect(group.go(task)).rejects.toMatchObject({ name: 'AbortError' });
    await expect(group.tryGo(task)).rejects.toMatchObject({ name: 'AbortError' });
    const heard = await uncaughtBy(() => group.go(task));
    expect([heard, task.mock.calls]).toEqual([[group.signal.reason], []]);
    await group.wait();
  });
});

describe('the end of an `await using` block', () => {
  it('waits for all tasks, and throws the first error', async () => {
    const log: string[] = [];
    const block = async () => {
      await using group = new TaskGroup();
      void group.go(async () => {
        await later();
        log.push('ended');
      });
      void group.go(failing('first'));
      await later();
      log.push('block');
    };
    await expect(block()).rejects.toThrow(new Error('first'));
    expect(log).toHaveLength(2);
  });

  it('throws nothing where nothing failed, and ends the group', async () => {
    let kept: TaskGroup | undefined;
    const block = async () => {
      await using group = (kept = new TaskGroup());
      return await group.go(() => 7);
    };
    expect(await block()).toBe(7);
    expect(kept?.signal.aborted).toBe(true);
  });

  it('does not throw again what wait has told', async () => {
    const block = async () => {
      await using group = new TaskGroup();
      void group.go(failing('first'));
      void group.go(heeding);
      await group.wait();
    };
    await expect(block()).rejects.toThrow(new Error('first'));
  });

  it('does not throw again what somebody has heard from each task that failed', async () => {
    const block = async () => {
      await using group = new TaskGroup();
      await Promise.all([group.go(failing('first')), group.go(heeding), group.go(() => 1)]);
    };
    await expect(block()).rejects.toThrow(new Error('first'));
  });

  it('throws what was not heard of, though another error was heard of twice', async () => {
    const block = async () => {
      await using group = new TaskGroup();
      const heard = group.go(failing('first'));
      void group.go(failing('unheard'));
      await Promise.allSettled([heard, heard]);
    };
    await expect(block()).rejects.toThrow(new Error('first'));
  });

  it('throws what a task has heard from another and passed on', async () => {
    const block = async () => {
      await using group = new TaskGroup();
      void group.go(async () => {
        await group.go(failing('inner')).catch((cause: unknown) => {
          throw new Error('outer', { cause });
        });
      });
    };
    await expect(block()).rejects.toThrow(new Error('inner'));
  });
});

describe('an error of a task', () => {
  it('is not unhandled where nobody listens and wait comes later', async () => {
    const group = new TaskGroup();
    const heard = await uncaughtBy(() => {
      void group.go(failing('first'));
      void group.go(failing('second'));
      void group.go(heeding);
    });
    expect(heard).toEqual([]);
    await expect(group.wait()).rejects.toThrow('first');
  });

  it('is unhandled where somebody listens and lets it pass', async () => {
    const group = new TaskGroup();
    const heard = await uncaughtBy(() => group.go(failing('first')).finally(() => {}));
    expect(heard).toEqual([new Error('first')]);
    await group.wait().catch(() => {});
  });

  /** Does `act`, and returns what the host hears when what that left behind is collected. */
  const heardLater = async (act: () => unknown): Promise<unknown[]> => {
    const heard: unknown[] = [];
    await act();
    for (let turn = 0; turn < 5; turn++) heard.push(...(await uncaughtBy(() => globalThis.gc?.())));
    return heard;
  };

  it('goes to the host when the group is collected and nobody has heard of it', async () => {
    const heard = await heardLater(() => {
      void new TaskGroup().go(failing('lost'));
      void new TaskGroup({ signal: new AbortController().signal }).go(async ({ signal }) => {
        await later();
        throw new Error(`lost, aborted ${signal.aborted}`);
      });
    });
    expect(heard).toHaveLength(2);
    expect(heard).toEqual(
      expect.arrayContaining([new Error('lost'), new Error('lost, aborted false')]),
    );
  });

  it('does not go to the host where somebody has heard of it, or still may', async () => {
    const mayWait = new TaskGroup();
    let mayListen: Promise<unknown> | undefined;
    const heard = await heardLater(async () => {
      await new TaskGroup().go(failing('heard')).catch(() => {});
      const waited = new TaskGroup();
      void waited.go(failing('waited'));
      await waited.wait().catch(() => {});
      void mayWait.go(failing('may wait'));
      mayListen = new TaskGroup().go(failing('may listen'));
    });
    expect(heard).toEqual([]);
    await expect(mayWait.wait()).rejects.toThrow('may wait');
    await expect(mayListen).rejects.toThrow('may listen');
  });
});
