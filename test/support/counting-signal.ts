/** A signal that counts who listens. */
export function countingSignal() {
  const controller = new AbortController();
  let listeners = 0;
  const add = controller.signal.addEventListener.bind(controller.signal);
  const remove = controller.signal.removeEventListener.bind(controller.signal);
  controller.signal.addEventListener = ((...args: Parameters<typeof add>) => {
    if (args[0] === 'abort') listeners++;
    add(...args);
  }) as typeof add;
  controller.signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
    if (args[0] === 'abort') listeners--;
    remove(...args);
  }) as typeof remove;
  return { controller, listeners: () => listeners };
}
