import { build } from 'esbuild';
import { openPage } from '../../../scripts/diagrams-in-browser.js';

interface Program {
  /** The file, in this folder. It leaves a promise of its findings in `globalThis.findings`. */
  readonly file: string;
  /** The rxjs that it gets, by the name under which package.json installs it. */
  readonly rxjs?: string;
  /** What stands for names that no browser knows. */
  readonly inject?: readonly string[];
}

/**
 * Runs a program in Chromium, on what was built and would be published; the tests beside the sources use those.
 * Returns what it found, by title: `passed`, or the error.
 */
export async function findingsOf({
  file,
  rxjs = 'rxjs',
  inject = [],
}: Program): Promise<Readonly<Record<string, string>>> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`test/system/browser/${file}`],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    inject: inject.map((name) => `test/system/browser/${name}`),
    ignoreAnnotations: true, // `sideEffects: false` would leave the program out
    alias: {
      vitest: './test/system/browser/expect.ts',
      'rxjs-sluice': './dist/index.js',
      'rxjs-sluice/operators': './dist/operators/index.js',
      'rxjs-sluice/marbles': './dist/marbles/index.js',
      ...(rxjs === 'rxjs' ? {} : { rxjs }),
    },
  });
  const bundled = Object.keys(metafile.inputs).map(
    (path) => /node_modules\/(rxjs[^/]*)/.exec(path)?.[1],
  );
  const [found, ...others] = new Set(bundled.filter(Boolean));
  if (found !== rxjs || others.length > 0)
    throw new Error(`Expected ${rxjs} alone, got ${found} ${others.join(' ')}`);
  const { page, close } = await openPage();
  try {
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    return await page.evaluate(
      () => (globalThis as { findings?: Promise<Record<string, string>> }).findings ?? {},
    );
  } finally {
    await close();
  }
}
