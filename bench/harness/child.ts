import { sections } from '../sections/index.js';
import type { Job } from './types.js';

/** The process of one sample: `child.js <section> <contender> <job>` prints what it tells. */
const [sectionId, contenderName, job] = process.argv.slice(2);

const contender = sections
  .find(({ id }) => id === sectionId)
  ?.contenders.find(({ name }) => name === contenderName);
if (!contender || !job) throw new Error(`Expected a contender, got ${sectionId} ${contenderName}`);

console.log(JSON.stringify(await contender.sample(JSON.parse(job) as Job)));
