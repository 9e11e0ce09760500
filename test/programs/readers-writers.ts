/**
 * Readers and writers of an account with two halves, which a writer changes one after the other:
 * nobody reads it half-written, readers read together, and a writer is not kept waiting by readers
 * that come after it. Courtois, Heymans and Parnas (1971).
 */
import { RWMutex, WaitGroup } from 'rxjs-sluice';
import { seeded, turns } from './seeded.js';

const READERS = 8;
const WRITERS = 2;
const READS = 1_000;
const WRITES = 500;

export async function main() {
  const mutex = new RWMutex();
  const group = new WaitGroup();
  const random = seeded(1971);
  const halves = [0, 0];
  let [reading, writing, together, wrong, overtaken] = [0, 0, 0, 0, 0];
  let arrivals = 0;
  /** When the writers arrived that wait. */
  const waitingWriters = new Set<number>();

  async function reader() {
    for (let n = 0; n < READS; n++) {
      const arrival = arrivals++;
      using _lock = await mutex.readLock();
      for (const writer of waitingWriters) if (writer < arrival) overtaken++;
      together = Math.max(together, ++reading);
      await turns(4 * random());
      if (halves[0] !== halves[1] || writing > 0) wrong++;
      reading--;
    }
  }

  async function writer() {
    for (let n = 0; n < WRITES; n++) {
      const arrival = arrivals++;
      waitingWriters.add(arrival);
      using _lock = await mutex.lock();
      waitingWriters.delete(arrival);
      writing++;
      halves[0]!++;
      await turns(4 * random());
      halves[1]!++;
      if (--writing > 0 || reading > 0) wrong++;
    }
  }

  for (let n = 0; n < READERS; n++) void group.go(reader);
  for (let n = 0; n < WRITERS; n++) void group.go(writer);
  await group.wait();
  return { halves, wrong, together, overtaken };
}
