/** The public types of each entry, written down in `etc/` so that every change to them is seen in review. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = resolve(import.meta.dirname, '..');
const scratch = join(root, '.cache/api');

/** Each entry's declarations in `dist/`, by the name of its report. */
export const entries = {
  'rxjs-sluice': 'index',
  'rxjs-sluice-operators': 'operators/index',
  'rxjs-sluice-marbles': 'marbles/index',
} as const;

export type Entry = keyof typeof entries;
export const entryNames = Object.keys(entries) as readonly Entry[];

export const committedPath = (entry: Entry): string => join(root, 'etc', `${entry}.api.md`);

export interface ApiReport {
  readonly text: string;
  /** Types that the API mentions and the entry does not export. */
  readonly forgotten: readonly string[];
}

/** Describes the declarations that the last build left in `dist/`. */
export function reportOf(entry: Entry): ApiReport {
  mkdirSync(scratch, { recursive: true });
  const reportFileName = `${entry}.api.md`;
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, 'dist', `${entries[entry]}.d.ts`),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: scratch,
        reportTempFolder: scratch,
      },
      newlineKind: 'lf',
    },
  });
  const forgotten: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.messageId === 'ae-forgotten-export') {
        forgotten.push(/"([^"]+)"/.exec(message.text)?.[1] ?? message.text);
      }
      message.logLevel = ExtractorLogLevel.None;
    },
  });
  return { text: readFileSync(join(scratch, reportFileName), 'utf8'), forgotten };
}
