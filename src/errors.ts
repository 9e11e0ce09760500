/** A value was sent on a channel that is closed. */
export class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError';
  readonly code = 'ERR_CHANNEL_CLOSED';

  constructor(
    /** The value that could not be sent, if there was one. */
    readonly value?: unknown,
  ) {
    super('The channel is closed.');
  }
}

/** A value came although there was no place for it, and the overflow policy is to fail. */
export class ChannelOverflowError extends Error {
  override readonly name = 'ChannelOverflowError';
  readonly code = 'ERR_CHANNEL_OVERFLOW';

  constructor(
    /** How many values waited when it came. */
    readonly waiting: number,
    /** How many places there were. */
    readonly capacity: number,
    /** The value that found no place. */
    readonly value: unknown,
  ) {
    super(`No place beyond ${capacity}: use \`pullFrom\`, another \`overflow\` or \`maxParked\`.`);
  }
}

/** Something was asked of a resource pool that is closed. */
export class ResourcePoolClosedError extends Error {
  override readonly name = 'ResourcePoolClosedError';
  readonly code = 'ERR_RESOURCE_POOL_CLOSED';

  constructor() {
    super('The resource pool is closed.');
  }
}
