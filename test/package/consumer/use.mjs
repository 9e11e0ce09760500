// Each entry, imported.
import assert from 'node:assert/strict';
import { Channel } from 'rxjs-sluice';
import { pullFrom, workerPool } from 'rxjs-sluice/operators';
import * as marbles from 'rxjs-sluice/marbles';
import { lastValueFrom, toArray } from 'rxjs';

const channel = new Channel(2);
assert(channel.trySend(1) && channel.trySend(2) && !channel.trySend(3));
channel.close();

const pipe = pullFrom(channel).pipe(
  workerPool(2, async (n) => `#${n}`, { ordered: true }),
  toArray(),
);
assert.deepEqual(await lastValueFrom(pipe), ['#1', '#2']);
assert(Object.keys(marbles).length > 0);
console.log('used');
