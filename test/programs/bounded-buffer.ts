/**
 * A bounded buffer made of a mutex and two conditions, as it is done where there are no channels.
 * Hoare, "Monitors" (1974).
 */
import { Cond, Mutex, WaitGroup } from 'rxjs-sluice';

const CAPACITY = 3;
const EACH = 1_000;

class BoundedBuffer<T> {
  most = 0;
  private readonly held: T[] = [];
  private readonly mutex = new Mutex();
  private readonly notEmpty = new Cond(this.mutex);
  private readonly notFull = new Cond(this.mutex);

  async append(value: T): Promise<void> {
    using _lock = await this.mutex.lock();
    while (this.held.length === CAPACITY) await this.notFull.wait();
    this.most = Math.max(this.most, this.held.push(value));
    this.notEmpty.signal();
  }

  async remove(): Promise<T> {
    using _lock = await this.mutex.lock();
    while (this.held.length === 0) await this.notEmpty.wait();
    this.notFull.signal();
    return this.held.shift() as T;
  }
}

export async function main() {
  const buffer = new BoundedBuffer<readonly [producer: number, serial: number]>();
  const group = new WaitGroup();
  const PRODUCERS = [0, 1, 2];
  const serials = PRODUCERS.map((): number[] => []);

  for (const producer of PRODUCERS) {
    void group.go(async () => {
      for (let serial = 0; serial < EACH; serial++) await buffer.append([producer, serial]);
    });
  }
  for (let consumer = 0; consumer < 2; consumer++) {
    void group.go(async () => {
      for (let n = 0; n < (PRODUCERS.length * EACH) / 2; n++) {
        const [producer, serial] = await buffer.remove();
        serials[producer]!.push(serial);
      }
    });
  }
  await group.wait();
  const inOrder = (numbers: number[]) => numbers.every((serial, n) => serial === n);
  return {
    received: serials.map(({ length }) => length),
    inOrder: serials.every(inOrder),
    most: buffer.most,
  };
}
