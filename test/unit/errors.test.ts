import { ChannelClosedError, ChannelOverflowError, ResourcePoolClosedError } from 'rxjs-sluice';
import { DemandRequiredError, LaneTakenError, TaskTimeoutError } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

it.each([
  {
    error: new ChannelClosedError('a'),
    name: 'ChannelClosedError',
    code: 'ERR_CHANNEL_CLOSED',
    message: 'The channel is closed.',
    value: 'a',
  },
  {
    error: new ChannelOverflowError(7, 4, 'a'),
    name: 'ChannelOverflowError',
    code: 'ERR_CHANNEL_OVERFLOW',
    message: 'No place beyond 4: use `pullFrom`, another `overflow` or `maxParked`.',
    value: 'a',
    waiting: 7,
    capacity: 4,
  },
  {
    error: new ResourcePoolClosedError(),
    name: 'ResourcePoolClosedError',
    code: 'ERR_RESOURCE_POOL_CLOSED',
    message: 'The resource pool is closed.',
  },
  {
    error: new DemandRequiredError('bufferedChannel(2)'),
    name: 'DemandRequiredError',
    code: 'ERR_DEMAND_REQUIRED',
    message:
      'bufferedChannel(2) found nothing below it that can say wait. End the pipe in `workerPool` or ' +
      '`toAsyncIterable`; `explain(pipe)` shows where the link is cut.',
    stage: 'bufferedChannel(2)',
  },
  {
    error: new TaskTimeoutError('a', 50),
    name: 'TaskTimeoutError',
    code: 'ERR_TASK_TIMEOUT',
    message: 'A task took longer than 50 ms. Its signal has aborted; raise `taskTimeout`?',
    value: 'a',
    timeoutMs: 50,
  },
  {
    error: new LaneTakenError(3),
    name: 'LaneTakenError',
    code: 'ERR_LANE_TAKEN',
    message:
      'Lane 3 has a subscriber, and each of its values goes to one alone. Multicast within ' +
      'the lane (`connect`, `broadcast`), or ask for more lanes.',
    lane: 3,
  },
])('$name says what happened, and what to do', ({ error, ...told }) => {
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject(told);
});
