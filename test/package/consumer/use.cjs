// Each entry, required.
const assert = require('node:assert/strict');
const { Channel } = require('rxjs-sluice');
const { pullFrom, workerPool } = require('rxjs-sluice/operators');
const marbles = require('rxjs-sluice/marbles');
const { lastValueFrom, toArray } = require('rxjs');

const channel = new Channel(2);
assert(channel.trySend(1) && channel.trySend(2) && !channel.trySend(3));
channel.close();

const pipe = pullFrom(channel).pipe(
  workerPool(2, async (n) => `#${n}`, { ordered: true }),
  toArray(),
);
lastValueFrom(pipe).then((results) => {
  assert.deepEqual(results, ['#1', '#2']);
  assert(Object.keys(marbles).length > 0);
  console.log('used');
});
