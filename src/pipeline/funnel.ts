import type { Channel } from '../channel/channel.js';
import { Outlet } from './outlet.js';
import { Pipe, type Ending, type PipeOptions } from './pipe.js';

/**
 * A pipe with one outlet.
 *
 * Invariant: it ends as drained only when nothing stands in the line of the outlet any more.
 */
export class Funnel<T> extends Pipe<T> {
  private readonly outlet: Outlet<T>;

  constructor(
    sources: readonly Channel<T>[],
    target: Channel<T>,
    options: PipeOptions,
    private readonly whenOver?: (ending: Ending, error: unknown) => void,
  ) {
    super(options);
    this.outlet = new Outlet(target, this);
    this.start(sources, [this.outlet]);
  }

  protected override hasRoom(): boolean {
    const { outlet } = this;
    if (outlet.hasRoom) return true;
    outlet.ask();
    return false;
  }

  protected override give(value: T): void {
    this.outlet.give(value);
  }

  override settled(outlet: Outlet<T>, taken: boolean): void {
    if (!taken) this.deserted(outlet);
    else if (this.intakes.size === 0) this.drained();
  }

  protected override drained(): void {
    if (this.outlet.entrusted === 0) super.drained();
  }

  /** What stands in its line may yet be received, though it takes no more. */
  override lose(outlet: Outlet<T>): void {
    if (this.intakes.size > 0) super.lose(outlet);
  }

  protected override ended(ending: Ending, error: unknown): void {
    this.whenOver?.(ending, error);
  }
}
