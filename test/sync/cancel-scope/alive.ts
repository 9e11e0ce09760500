/** Waits in a scope that has a time, or ends it early: whether the process stays for it is the question. */
import { Channel } from '../../../src/channel/channel.js';
import { CancelScope } from '../../../src/sync/cancel-scope.js';

if (process.argv[2] === 'wait') {
  const scope = new CancelScope({ timeout: 100 });
  await new Channel<never>()
    .receive(scope)
    .catch((error: unknown) => console.log((error as Error).name));
} else {
  const scope = new CancelScope({ timeout: 2 ** 40 });
  scope.cancel();
  console.log('over');
}
