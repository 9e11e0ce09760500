import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Contender, Side } from '../harness/types.js';

/** What one import brings into a browser's bundle: minified, then gzipped; kept alive by being exported. */
export function bundled(
  name: string,
  side: Side,
  kind: string,
  code: string,
  external: readonly string[] = [],
): Contender {
  return {
    name,
    side,
    kind,
    sample: async () => {
      const { outputFiles } = await build({
        stdin: { contents: code, resolveDir: '.', loader: 'ts' },
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        // What a package asks of Node is not its weight.
        external: [...external, ...builtinModules, 'node:*'],
        legalComments: 'none',
        logLevel: 'silent',
      });
      const [file] = outputFiles;
      // What lost its export to a mistake would be small indeed.
      if (!file || !/export\s*\{|export const/.test(file.text))
        throw new Error(`Expected ${name} to be exported`);
      return gzipSync(file.contents, { level: 9 }).length / 1_000;
    },
  };
}
