import { resolve } from 'node:path';
import { build } from 'esbuild';

export const buildFolder = resolve('.cache/bench');

/**
 * Bundles the library and the contenders as the package is built (esbuild, ES2022, packages left
 * outside), so that no transpiler is at work where something is measured. Answers the path of the
 * program that takes one sample.
 */
export async function buildChild(folder: string): Promise<string> {
  await build({
    entryPoints: { child: resolve('bench/harness/child.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: true,
    logLevel: 'warning',
  });
  return resolve(folder, 'child.mjs');
}
