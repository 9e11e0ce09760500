// Channels alone, in a folder where rxjs is not installed.
const assert = require('node:assert/strict');
const { Channel } = require('rxjs-sluice');

assert.throws(() => require('rxjs'), { code: 'MODULE_NOT_FOUND' });
const channel = new Channel();
channel.send('hello').then(() => console.log('used'));
assert.deepEqual(channel.tryReceive(), { done: false, value: 'hello' });
