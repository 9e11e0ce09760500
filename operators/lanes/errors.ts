/** A lane of `fanOut` was subscribed while it had a subscriber. */
export class LaneTakenError extends Error {
  override readonly name = 'LaneTakenError';
  readonly code = 'ERR_LANE_TAKEN';

  constructor(
    /** The number of the lane. */
    readonly lane: number,
  ) {
    super(
      `Lane ${lane} has a subscriber, and each of its values goes to one alone. Multicast within ` +
        'the lane (`connect`, `broadcast`), or ask for more lanes.',
    );
  }
}
