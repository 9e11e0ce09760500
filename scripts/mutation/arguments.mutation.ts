import { it } from 'vitest';
import { laws, subjectsOf } from '../../test/laws/laws.js';

/** Of the laws, the one about bad arguments: the others take long. */
for (const law of laws.filter(({ says }) => says.startsWith('bad arguments'))) {
  it.each(subjectsOf(law))(`$title: ${law.says}`, law.check);
}
