/** The laws over every subject, in a page; run by laws-in-browser.test.ts. */
import { laws, subjectsOf } from '../../laws/laws.js';
import { sound } from '../../laws/planted.js';
import { unhandledBy } from '../../laws/bed.js';

/** What became of each, by its title: `passed`, or the error. */
async function holdAll(): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  const attempt = async (title: string, check: () => Promise<unknown>): Promise<void> => {
    try {
      await check();
      results[title] = 'passed';
    } catch (error) {
      results[title] = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    }
  };
  for (const law of laws) {
    const { number, says, check, broken } = law;
    const title = `law ${number}: ${says}`;
    for (const subject of subjectsOf(law)) {
      await attempt(`${title}, ${subject.title}`, () => check(subject));
    }
    await attempt(`${title}, passes what is sound`, () => check(sound));
    await attempt(`${title}, catches what is broken`, async () => {
      let caught = false;
      await unhandledBy(() => check(broken).catch(() => (caught = true)));
      if (!caught) throw new Error('It passed');
    });
  }
  return results;
}

Object.assign(globalThis, { findings: holdAll() });
