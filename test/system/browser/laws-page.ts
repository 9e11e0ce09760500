/** The laws over every subject, in a page; run by laws-in-browser.test.ts. */
import { laws } from '../../laws/laws.js';
import { plant } from '../../laws/planted.js';
import { subjects } from '../../laws/subjects.js';
import { unhandledBy } from '../../laws/bed.js';

/** What became of each, by its title: `passed`, or the error. */
export async function holdAll(): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  const attempt = async (title: string, check: () => Promise<unknown>): Promise<void> => {
    try {
      await check();
      results[title] = 'passed';
    } catch (error) {
      results[title] = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    }
  };
  for (const { number, says, check, broken } of laws) {
    const law = `law ${number}: ${says}`;
    for (const subject of subjects) await attempt(`${law}, ${subject.title}`, () => check(subject));
    await attempt(`${law}, passes what is sound`, () => check(plant((_, sound) => sound())));
    await attempt(`${law}, catches what is broken`, async () => {
      let caught = false;
      await unhandledBy(() => check(broken).catch(() => (caught = true)));
      if (!caught) throw new Error('It passed');
    });
  }
  return results;
}

Object.assign(globalThis, { holdAll });
