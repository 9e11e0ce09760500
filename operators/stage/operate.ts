import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { Demand } from '../../src/line/demand.js';
import type { Line } from '../../src/line/line.js';
import { link, type Remark } from '../link/find-demand.js';
import { DemandRequiredError } from './errors.js';
import { Inlet } from './inlet.js';
import type { LinkOptions } from './options.js';
import { Outlet } from './outlet.js';
import type { Stage } from './stage.js';

/**
 * Makes an operator of a stage: at each subscription it looks for the demand below, builds the stage
 * between an inlet and an outlet, and ties their ends together.
 */
export function operate<T, R>(
  name: string,
  options: LinkOptions,
  create: (out: Outlet<R>) => Stage<T, R, Line<T>>,
  remark?: Remark,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const demand = findDemand(subscriber, name, options, remark);
      run(source, subscriber, name, create(new Outlet(subscriber, demand)));
    });
}

/** The demand below `subscriber`, as `options` want it. */
export function findDemand(
  subscriber: Subscriber<unknown>,
  name: string,
  options: LinkOptions,
  remark?: Remark,
): Demand | undefined {
  const demand = link(subscriber, name, options.onLink, remark);
  if (demand === undefined && options.requireDemand) throw new DemandRequiredError(name);
  return demand;
}

/** Lets `source` flow into `stage`, until `subscriber` leaves. */
export function run<T>(
  source: Observable<T>,
  subscriber: Subscriber<unknown>,
  name: string,
  stage: Stage<T, never, Line<T>>,
): void {
  const inlet = new Inlet(stage, stage, subscriber);
  stage.linkName = name;
  stage.release = () => inlet.unsubscribe();
  subscriber.add(() => stage.dispose());
  if (!subscriber.closed) stage.start();
  if (!subscriber.closed) inlet.follow(source);
}
