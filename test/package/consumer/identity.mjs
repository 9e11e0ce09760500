// However the entries are loaded in one process, there is one copy of each class.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as channels from 'rxjs-sluice';
import * as operators from 'rxjs-sluice/operators';

const require = createRequire(import.meta.url);
assert.equal(require('rxjs-sluice').Channel, channels.Channel);
assert.equal(require('rxjs-sluice/operators').StageMeter, operators.StageMeter);
console.log('used');
