// Channels alone, from TypeScript, in a folder where rxjs is not installed.
import { Channel } from 'rxjs-sluice';

const channel = new Channel<string>(1);
channel.trySend('hello');
const result = channel.tryReceive();
if (result?.value !== 'hello') throw new Error('Expected hello');
console.log('used');
