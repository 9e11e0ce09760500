// Each entry, from TypeScript: compiled strictly, the library's declarations checked too, then run.
import { Channel, type ReceiveChannel } from 'rxjs-sluice';
import { pullFrom, workerPool } from 'rxjs-sluice/operators';
import * as marbles from 'rxjs-sluice/marbles';
import { toArray, type Observable } from 'rxjs';

const channel = new Channel<number>(2);
channel.trySend(1);
channel.trySend(2);
channel.close();

const numbers: ReceiveChannel<number> = channel;
const pipe: Observable<string> = pullFrom(numbers).pipe(
  workerPool(2, async (n) => `#${n.toFixed()}`, { ordered: true }),
);
pipe.pipe(toArray()).subscribe((results) => {
  if (results.join() !== '#1,#2') throw new Error(`Expected #1,#2, got ${results.join()}`);
  if (Object.keys(marbles).length === 0) throw new Error('Expected marbles to export something');
  console.log('used');
});
