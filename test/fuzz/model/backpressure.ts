import type { Observable, Subscriber } from 'rxjs';
import type { Slot } from '../kit.js';
import type { Switches } from '../sources.js';
import type { Value } from '../values.js';
import { roomIn, type Mover, type World } from './world.js';

/** A source that is stopped when there is no room after a value of its own, and goes on when there is. */
export class Backpressure implements Mover {
  private state: 'running' | 'stopped' | 'over' = 'running';

  constructor(
    private readonly switches: Switches,
    readonly level: number,
    readonly below: Slot | undefined,
    private readonly subscriber: Subscriber<Value>,
    private readonly world: World,
  ) {
    subscriber.add(() => this.over());
    world.happens(() => {
      world.join(this);
      this.look();
    });
  }

  follow(source: Observable<Value>): void {
    this.subscriber.add(
      source.subscribe({
        next: (value) => {
          this.subscriber.next(value);
          this.world.happens(() => this.look());
        },
        error: (error: unknown) => this.end(() => this.subscriber.error(error)),
        complete: () => this.end(() => this.subscriber.complete()),
      }),
    );
  }

  get wants(): boolean {
    return this.state === 'stopped';
  }

  move(): boolean {
    if (this.state !== 'stopped' || roomIn(this.below, true) <= 0) return false;
    this.state = 'running';
    this.switches.resume();
    return true;
  }

  rest(): void {}

  private look(): void {
    if (this.state !== 'running' || roomIn(this.below, false) > 0) return;
    this.state = 'stopped';
    this.world.putLast(this);
    this.switches.pause();
  }

  private end(tell: () => void): void {
    this.over();
    this.world.happens(tell);
  }

  private over(): void {
    this.state = 'over';
    this.world.leave(this);
  }
}
