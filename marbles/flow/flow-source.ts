import { Observable, type Subscriber } from 'rxjs';
import type { Track } from '../diagram/track.js';
import { Log } from './log.js';
import type { Timeline } from './timeline.js';

/** A source of a flow: it knows when it was subscribed, and when it was let go. */
export abstract class FlowSource<T> extends Observable<T> {
  private readonly logs: Log[] = [];

  /** @internal */
  constructor(
    /** @internal */ protected readonly time: Timeline,
    begin: (subscriber: Subscriber<T>) => void,
  ) {
    super((subscriber) => {
      const log = new Log(time);
      this.logs.push(log);
      log.mark('subscribe');
      subscriber.add(() => log.mark('unsubscribe'));
      begin(subscriber);
    });
  }

  /** Each subscription, from when to when. */
  get subscribed(): readonly Track[] {
    return this.logs;
  }

  /** Whether the flow has run to its end. */
  get over(): boolean {
    return this.time.phase === 'over';
  }
}
