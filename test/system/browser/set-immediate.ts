/** What a turn of the event loop is to the tests, for a page: a message to itself. */
const { port1, port2 } = new MessageChannel();
const tasks: (() => void)[] = [];
port1.onmessage = () => tasks.shift()?.();

globalThis.setImmediate ??= ((task: () => void) => {
  tasks.push(task);
  port2.postMessage(undefined);
}) as typeof setImmediate;
