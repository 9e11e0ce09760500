/**
 * Which operations wait on which channels, and what becomes of those that do not, as a table. The
 * values are `undefined`: nothing but there. Go's test/chan/nonblock.go, select3.go and zerosize.go.
 */
import { Channel, ChannelClosedError, recv, select, send, trySelect } from 'rxjs-sluice';

type Nothing = undefined;

function holding(count: number): Channel<Nothing> {
  const channel = new Channel<Nothing>(2);
  for (let n = 0; n < count; n++) channel.trySend(undefined);
  return channel;
}

function closed(channel: Channel<Nothing>, error?: Error): Channel<Nothing> {
  channel.close(error);
  return channel;
}

function waitedOn(wait: (channel: Channel<Nothing>) => Promise<unknown>): Channel<Nothing> {
  const channel = new Channel<Nothing>();
  wait(channel).catch(() => undefined); // in the end it is cancelled
  return channel;
}

const channels: Readonly<Record<string, () => Channel<Nothing>>> = {
  'nobody there': () => new Channel(),
  'a sender waits': () => waitedOn((channel) => channel.send(undefined)),
  'a receiver waits': () => waitedOn((channel) => channel.receive()),
  empty: () => holding(0),
  'half full': () => holding(1),
  full: () => holding(2),
  closed: () => closed(holding(0)),
  'closed, not drained': () => closed(holding(1)),
  'closed with an error': () => closed(holding(0), new Error('broken')),
};

type Operation = (
  channel: Channel<Nothing>,
  options: { signal: AbortSignal },
) => string | undefined | Promise<string>;

const received = ({ done }: IteratorResult<Nothing, undefined>) => (done ? 'done' : 'received');

const operations: Readonly<Record<string, Operation>> = {
  send: async (channel, options) => {
    await channel.send(undefined, options);
    return 'sent';
  },
  receive: async (channel, options) => received(await channel.receive(options)),
  'select send': async (channel, options) =>
    (await select({ sent: send(channel, undefined) }, options)).case,
  'select recv': async (channel, options) => received(await select({ r: recv(channel) }, options)),
  trySend: (channel) => (channel.trySend(undefined) ? 'sent' : undefined),
  tryReceive(channel) {
    const result = channel.tryReceive();
    return result && received(result);
  },
  'trySelect send': (channel) => trySelect({ sent: send(channel, undefined) })?.case,
  'trySelect recv'(channel) {
    const result = trySelect({ r: recv(channel) });
    return result && received(result);
  },
  'select nil': async (_, options) => select({ never: undefined, nor: null, not: false }, options),
  'trySelect nil': () => trySelect({ never: undefined, nor: null, not: false }),
};

/** What becomes of it, or what it fails with; `waits` if it is not over in this turn. */
async function outcome(operation: Operation, channel: Channel<Nothing>): Promise<string> {
  const patience = new AbortController();
  const turn = setImmediate(() => patience.abort(new Error('waits')));
  try {
    return (await operation(channel, patience)) ?? 'not now';
  } catch (error) {
    return error instanceof ChannelClosedError ? 'closed' : (error as Error).message;
  } finally {
    clearImmediate(turn);
    channel.cancel();
  }
}

export async function main() {
  const table: string[][] = [];
  for (const [state, make] of Object.entries(channels)) {
    const row = [state];
    for (const operation of Object.values(operations)) row.push(await outcome(operation, make()));
    table.push(row);
  }
  return [['', ...Object.keys(operations)], ...table];
}
