import { Channel, type Demand, type ReceiveChannel } from 'rxjs-sluice';
import { later } from '../support/later.js';

/** A channel that holds `values`, closed unless said otherwise. */
export function holding<T>(
  values: readonly T[],
  { closed = true, error }: { closed?: boolean; error?: unknown } = {},
) {
  const channel = new Channel<T>(values.length);
  for (const value of values) channel.trySend(value);
  if (closed) channel.close(error);
  return channel;
}

/** What can be received now, without waiting. */
export function drain<T>(channel: ReceiveChannel<T>): T[] {
  const values: T[] = [];
  for (;;) {
    const result = channel.tryReceive();
    if (result?.done !== false) return values;
    values.push(result.value);
  }
}

/** How many values wait in `channel`, or in line before it: the face that receives does not tell. */
export function waitingIn(channel: object): number {
  return (channel as Demand).waiting;
}

/** All that ever comes. */
export async function all<T>(channel: ReceiveChannel<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of channel) values.push(value);
  return values;
}

/** All that comes, and the error behind it. */
export async function untilError<T>(
  channel: ReceiveChannel<T>,
): Promise<[values: T[], error: unknown]> {
  const values: T[] = [];
  try {
    for await (const value of channel) values.push(value);
  } catch (error) {
    return [values, error];
  }
  throw new Error(`No error behind ${values.join()}`);
}

/** Receives each value as it comes, in the call that sends it. */
export function listen<T>(channel: ReceiveChannel<T>, hear: (value: T) => void): () => void {
  let giveUp = () => {};
  let left = false;
  const next = (): void => {
    let now = true;
    let again = true;
    while (again && !left) {
      again = false;
      now = true;
      giveUp = channel.receiveWith(
        (result) => {
          if (result.done === true) return;
          hear(result.value);
          if (now) again = true;
          else next();
        },
        () => {},
      );
      now = false;
    }
  };
  next();
  return () => {
    left = true;
    giveUp();
  };
}

/** Sends all of `values` as room appears, in the call that makes it, then closes. */
export function produce<T>(channel: Channel<T>, values: Iterable<T>): void {
  const iterator = values[Symbol.iterator]();
  let next = iterator.next();
  const resume = (): void => {
    while (next.done !== true && channel.available > 0) {
      const { value } = next;
      next = iterator.next();
      channel.trySend(value);
    }
    if (next.done === true) channel.close();
    else if (!channel.closed) channel.onAvailable(resume);
  };
  resume();
}

/** How a promise stands after a turn of the event loop. */
export async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  let state: unknown = 'pending';
  promise.then(
    () => (state = 'resolved'),
    (error: unknown) => (state = error),
  );
  await later();
  return state;
}

/** How many pipes watch the end of `channel`, which no public face tells. */
export function watchersOf(channel: object): number {
  return (channel as { readonly watchers?: ReadonlySet<unknown> }).watchers?.size ?? 0;
}

/** How many ask to be told of room in `channel`, or send to it, which no public face tells. */
export function askersOf(channel: object): number {
  return (channel as { readonly senders: { readonly size: number } }).senders.size;
}
