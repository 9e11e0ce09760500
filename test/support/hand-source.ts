import { Observable, type Subscriber } from 'rxjs';
import { demandOf, type Demand } from 'rxjs-sluice/operators';

/** A source by hand, which sees the demand. */
export function handSource<T>() {
  let subscriber!: Subscriber<T>;
  let demand!: Demand;
  const source = new Observable<T>((below) => {
    subscriber = below;
    demand = demandOf(below) as Demand;
  });
  return { source, next: (value: T) => subscriber.next(value), demand: () => demand };
}
