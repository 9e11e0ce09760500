import { format, resolveConfig } from 'prettier';
import manifest from '../../package.json' with { type: 'json' };
import { installedRxjs, type InstalledRxjs } from '../support/installed-rxjs.js';
import type { Entry } from './catalogue/index.js';
import { linkClasses, type LinkClass } from './experiment.js';

type Catalogue = Readonly<Record<LinkClass, readonly Entry[]>>;

const columns = ['operator', 'input', 'use', 'remarks', 'instead'] as const;
type Column = (typeof columns)[number];

/** What a reader is told of each class: what it means, and what to do. */
const explained: Readonly<Record<LinkClass, string>> = {
  cut: `
The source finds no demand and never waits: the pipe is as it is in plain RxJS. \`requireDemand: true\` makes
that an error, and \`explain\` shows where it happens. Of what stands above the cut it hears if that is subscribed
at once; what subscribes later tells its own \`onLink\` alone.`,
  opaque: `
The source finds the stage below, but the operator takes whatever comes and holds it. As long as it does, the
stage has room, so the source goes on, and what the operator holds can grow without bound. Use what is named
beside it; where nothing is, give it a source that is short, or slow enough.`,
  'wrong stage': `
The source finds the stage below the merge, while its values come first to a stage in the group or window.
When that one is full, the source goes on.`,
  notifier: `
The source finds a stage that its values never reach. So a notifier that can wait is held up when that stage
is full. Cut the link: \`takeUntil(stop.pipe(unlinked()))\`. A \`Subject\` or \`timer\` cannot wait, and is not
concerned.`,
  transparent: `
The source finds the stage below, and waits when that is full, with little held between the two. There is
nothing to do.`,
};

const { devDependencies: installed } = manifest;
/** `npm:rxjs@7.5.5` → `7.5.5` */
const versionOf = (name: InstalledRxjs) => installed[name].replace(/^.*@/, '');
const versions = installedRxjs.map(versionOf).join(', ');

const introduction = `
# Where demand passes

A source that waits finds the stage below it through the operators between the two. Each line here is what an
experiment shows, on rxjs ${versions} alike: such a source is put at one input of a stock
operator, above a stage that soon is full; it is seen what the source finds, whether its values come there,
and whether they pile up.

The input _source_ is what the operator is applied to, or an argument of a creation function; _inner_ is
another Observable whose values it passes on; _notifier_ is one that only tells it when.

\`npm run test:unit -- test/link --project rxjs -u\` writes this page anew.`;

/** The page of the docs, as Prettier would have it. */
export async function linksPage(catalogue: Catalogue): Promise<string> {
  const sections = linkClasses.map((is) => {
    const heading = `## ${is.charAt(0).toUpperCase()}${is.slice(1)}`;
    return [heading, explained[is].trim(), table(catalogue[is])].join('\n\n');
  });
  const text = [introduction.trim(), ...sections].join('\n\n');
  return format(text, { ...(await resolveConfig('docs/links.md')), parser: 'markdown' });
}

/** A line for each operator and use; its inputs share it. Columns that would be empty are left out. */
function table(entries: readonly Entry[]): string {
  const lines = new Map<string, Record<Column, string>>();
  for (const { name, input, use = '', note, instead = '', missing = [] } of entries) {
    const absent = missing.map((rxjs) => `not in rxjs ${versionOf(rxjs)}`);
    const remarks = [note, ...absent].filter((remark) => remark !== undefined).join('; ');
    const key = [name, use, remarks, instead].join();
    const inputs = [lines.get(key)?.input, input].filter((each) => each !== undefined).join(', ');
    lines.set(key, { operator: `\`${name}\``, input: inputs, use, remarks, instead });
  }
  const rows = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  const shown = columns.filter((column) => rows.some((row) => row[column] !== ''));
  return [shown, shown.map(() => '---'), ...rows.map((row) => shown.map((column) => row[column]))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
