/** A turn of the event loop: everything that promises lead to has happened. */
export const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
