import { HandClock } from '../../support/hand-clock.js';
import { schedulerClock } from '../../../operators/stage/scheduler-clock.js';
import { ResourcePool, type ResourcePoolOptions } from 'rxjs-sluice';

/** A resource, numbered in the order of the calls of `create`. */
export interface Thing {
  readonly id: number;
}

/** Something that a pool has asked for, and that happens when the test says so. */
export interface Asked {
  readonly id: number;
  yes(): void;
  no(error?: unknown): void;
}

/**
 * Makes things and ends them, when the test says so, and notes it. What is `prompt` happens at once, the
 * rest is asked for by a promise.
 */
export class Factory {
  readonly creating: Asked[] = [];
  readonly checking: Asked[] = [];
  readonly ending: Asked[] = [];
  readonly log: string[] = [];
  made = 0;

  readonly options = {
    create: (): Thing | Promise<Thing> => {
      const id = this.made++;
      this.log.push(`create ${id}`);
      return this.ask('creating', id, { id });
    },
    validate: ({ id }: Thing): boolean | Promise<boolean> => {
      this.log.push(`check ${id}`);
      return this.ask('checking', id, true, false);
    },
    dispose: ({ id }: Thing): undefined | Promise<undefined> => {
      this.log.push(`end ${id}`);
      return this.ask('ending', id, undefined);
    },
  };

  constructor(private readonly prompt: readonly ('creating' | 'checking' | 'ending')[] = []) {}

  /** What was noted since the last time. */
  noted(): string[] {
    return this.log.splice(0);
  }

  private ask<T>(what: 'creating' | 'checking' | 'ending', id: number, yes: T, no?: T) {
    if (this.prompt.includes(what)) return yes;
    return new Promise<T>((resolve, reject) => {
      const asked = this[what];
      const over = () => void asked.splice(asked.indexOf(mine), 1);
      const mine: Asked = {
        id,
        yes: () => {
          over();
          resolve(yes);
        },
        no: (error) => {
          over();
          if (error === undefined && no !== undefined) resolve(no);
          else reject(error);
        },
      };
      asked.push(mine);
    });
  }
}

/** A pool over a factory, with a clock that is put forward by hand. */
export function poolOf(
  factory: Factory,
  options: Partial<ResourcePoolOptions<Thing>> & { max?: number } = {},
) {
  const time = new HandClock();
  const { create, dispose } = factory.options;
  const pool = new ResourcePool<Thing>({
    create,
    dispose,
    max: 2,
    clock: schedulerClock(time),
    ...options,
  });
  const counts = () => ({
    size: pool.size,
    idle: pool.idle,
    lent: pool.lent,
    waiting: pool.waiting,
  });
  return { pool, time, counts };
}
