// Channels alone, in a folder where rxjs is not installed.
import assert from 'node:assert/strict';
import { Channel } from 'rxjs-sluice';

await assert.rejects(import('rxjs'), { code: 'ERR_MODULE_NOT_FOUND' });
const channel = new Channel();
const sent = channel.send('hello');
assert.deepEqual(await channel.receive(), { done: false, value: 'hello' });
await sent;
console.log('used');
