import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import * as rxjs from 'rxjs';
import type * as library from 'rxjs-sluice';
import type * as operators from 'rxjs-sluice/operators';

export type Library = typeof library;
export type Operators = typeof operators;

/** One thing changed in a source file: `find` stands there once. */
export interface Change {
  readonly file: `${'src' | 'operators'}/${string}.ts`;
  readonly find: string;
  readonly put: string;
}

/**
 * A copy of the toolkit, made of its sources, with `change` planted in it and `globals` in place of the
 * host's.
 */
export async function libraryCopy(
  change?: Change,
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Library> {
  return (await copy('src/index.ts', change, globals)) as Library;
}

/** The same of the operators. They run on the rxjs that is in use here. */
export async function operatorsCopy(change?: Change): Promise<Operators> {
  return (await copy('operators/index.ts', change, { require: () => rxjs })) as Operators;
}

async function copy(
  entry: string,
  change: Change | undefined,
  globals: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [resolve(entry)],
    plugins: change === undefined ? [] : [planting(change)],
    bundle: true,
    external: ['rxjs'],
    format: 'iife',
    globalName: 'library',
    write: false,
  });
  const code = `${outputFiles[0]?.text ?? ''}\nreturn library;`;
  const run = compileFunction(code, Object.keys(globals)) as (...values: unknown[]) => unknown;
  return run(...Object.values(globals));
}

/** The text of the file with the change in it. */
export function plant(text: string, { file, find, put }: Change): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`Expected \`${find}\` to stand once in ${file}`);
  }
  return before + put + after;
}

const planting = (change: Change): Plugin => ({
  name: 'planting',
  setup(building) {
    let planted = false;
    building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (relative('.', path) !== change.file) return undefined;
      planted = true;
      return { contents: plant(await readFile(path, 'utf8'), change), loader: 'ts' };
    });
    building.onEnd(() => {
      if (!planted) throw new Error(`Expected what is copied to be made of ${change.file} too`);
    });
  },
});
