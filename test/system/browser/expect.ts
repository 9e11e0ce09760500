/** `expect` as vitest has it, where vitest is not: what of it the laws use. */
import {
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  addCustomEqualityTesters,
  chai,
  setState,
} from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
addCustomEqualityTesters([]);

export const expect = chai.expect;
setState({ assertionCalls: 0, isExpectingAssertions: false }, chai.expect as never);
