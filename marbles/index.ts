/**
 * For marble tests of pipes that wait.
 *
 * - {@link takeOn}: a consumer that takes one value each time a notifier emits, and shows demand for it.
 * - {@link verifyConservation}: fails where a stage has lost a value or made one up.
 *
 * @packageDocumentation
 */
export { takeOn } from './take-on.js';
export { verifyConservation, ConservationError, type Counts } from './verify-conservation.js';
