import { Channel, type LineOptions, type Overflow, type WaitOptions } from 'rxjs-sluice';
import { Reference, type Make, type Result } from './reference.js';

type Options = LineOptions<number>;

/** A channel with one thing wrong with it. */
export interface Planted {
  readonly title: string;
  readonly make: Make;
  /** The policy under which it shows; 'block' where nothing is said. */
  readonly overflow?: Overflow;
}

const plant = (
  title: string,
  Broken: new (capacity: number, options: Options) => ReturnType<Make>,
  overflow?: Overflow,
): Planted => ({
  title,
  make: (capacity, options) => new Broken(capacity, options),
  ...(overflow && { overflow }),
});

export const planted: readonly Planted[] = [
  plant(
    'serves the last receiver first',
    class extends Reference {
      protected override arrive(value: number): void {
        this.receivers.reverse();
        super.arrive(value);
        this.receivers.reverse();
      }
    },
  ),
  plant(
    'lets in the last of those who wait for room first',
    class extends Reference {
      protected override admit(): void {
        this.forRoom.reverse();
        super.admit();
        this.forRoom.reverse();
      }
    },
  ),
  plant(
    'lets every send in before any producer',
    class extends Reference {
      protected override admit(): void {
        this.forRoom.sort((a, b) => Number(a.value === undefined) - Number(b.value === undefined));
        super.admit();
      }
    },
  ),
  plant(
    'loses a value when a receive is aborted',
    class extends Channel<number> {
      override receive(options?: WaitOptions): Promise<Result> {
        const received = super.receive(options);
        received.catch(() => {
          if (!this.closed) this.tryReceive();
        });
        return received;
      }
    },
  ),
  plant(
    'takes a value though the signal has aborted',
    class extends Channel<number> {
      override receive(options?: WaitOptions): Promise<Result> {
        return super.receive(options?.signal?.aborted === true ? {} : options);
      }
    },
  ),
  plant(
    'takes a hand-over back when the signal aborts in the same turn',
    class extends Channel<number> {
      override async receive(options?: WaitOptions): Promise<Result> {
        const result = await super.receive(options);
        options?.signal?.throwIfAborted();
        return result;
      }
    },
  ),
  plant(
    'leaves a listener on the signal of a send',
    class extends Channel<number> {
      override send(value: number, options?: WaitOptions): Promise<void> {
        options?.signal?.addEventListener('abort', () => {});
        return super.send(value, options);
      }
    },
  ),
  plant(
    'goes on asking a producer that has withdrawn',
    class extends Channel<number> {
      override onAvailable(resume: () => void): () => void {
        super.onAvailable(resume);
        return () => {};
      }
    },
  ),
  plant(
    'resumes a producer twice',
    class extends Channel<number> {
      override onAvailable(resume: () => void): () => void {
        return super.onAvailable(() => {
          resume();
          resume();
        });
      }
    },
  ),
  plant(
    'does not count the sends that wait',
    class extends Channel<number> {
      override get waiting(): number {
        return this.length;
      }
    },
  ),
  plant(
    'turns waiting sends away when it closes',
    class extends Reference {
      override close(error?: unknown): void {
        const wasClosed = this.closed;
        super.close(error);
        if (wasClosed) return;
        for (const { reject } of this.forRoom.splice(0)) reject(new Error('closed'));
      }
    },
  ),
  plant(
    'lets a second close count',
    class extends Reference {
      override close(error?: unknown): void {
        this.closed = false;
        super.close(error);
      }
    },
  ),
  plant(
    'drops what is held without a word when it is cancelled',
    class extends Channel<number> {
      constructor(capacity: number, { overflow, onDrop }: Options) {
        super(capacity, {
          overflow,
          onDrop: (value, reason) => {
            if (reason !== 'cancelled') onDrop?.(value, reason);
          },
        });
      }
    },
  ),
  plant(
    "takes 'drop-oldest' for 'drop-newest'",
    class extends Channel<number> {
      constructor(capacity: number, { onDrop }: Options) {
        super(capacity, { overflow: 'drop-newest', onDrop });
      }
    },
    'drop-oldest',
  ),
  plant(
    'answers false when the newest is dropped',
    class extends Channel<number> {
      override trySend(value: number): boolean {
        const held = this.length;
        return super.trySend(value) && this.length > held;
      }
    },
    'drop-newest',
  ),
  plant(
    "keeps the value that fails under 'error'",
    class extends Reference {
      protected override overflow(value: number): void {
        this.held.push(value);
      }
    },
    'error',
  ),
];
