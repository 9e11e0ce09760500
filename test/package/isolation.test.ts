import { readdirSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { expect, it } from 'vitest';

const dist = resolve('dist');
const entry = resolve(dist, 'operators/index.js');

/** Left out of bundles, and known to do nothing when it is imported. */
const rxjs: Plugin = {
  name: 'rxjs',
  setup(building) {
    const outside = { external: true, sideEffects: false };
    building.onResolve({ filter: /^rxjs/ }, ({ path }) => ({ path, ...outside }));
  },
};

/** The source files of which some code is in a bundle that imports this one name. */
async function sourcesBehind(name: string): Promise<string[]> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from '${entry}';`, resolveDir: dist },
    plugins: [rxjs],
    bundle: true,
    format: 'esm',
    sourcemap: 'external',
    outfile: resolve(dist, 'bundle.js'),
    write: false,
  });
  const text = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? expect.fail(`no ${ending}`);
  return originsOf(text('.js'), JSON.parse(text('.js.map')) as SourceMapPayload);
}

function originsOf(code: string, payload: SourceMapPayload): string[] {
  const map = new SourceMap(payload);
  const origins = new Set<string>();
  code.split('\n').forEach((text, line) => {
    for (let column = 0; column < text.length; column++) {
      const found = map.findEntry(line, column);
      if ('originalSource' in found) origins.add(found.originalSource);
    }
  });
  return [...origins].map((origin) => relative('.', resolve(dist, origin)));
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const exported = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
const functions = Object.keys(exported).filter((name) => /^[a-z]/.test(name));
const files = readdirSync('operators', { recursive: true, encoding: 'utf8' });
const fileOf = new Map(
  functions.map((name) => [name, files.find((file) => basename(file) === `${kebab(name)}.ts`)]),
);

/** The file of an operator; the tools of the link, which several operators use, have none to tell. */
const operatorFile = (name: string) => {
  const file = fileOf.get(name);
  return file?.startsWith('link/') ? undefined : file;
};

it('each operator has a file of its own; the tools of the link are shared', () => {
  expect(functions.filter((name) => operatorFile(name) === undefined)).toEqual([
    'demandOf',
    'describeLink',
  ]);
});

it.each(functions)('%s drags in no other operator', async (name) => {
  const behind = await sourcesBehind(name);
  const own = operatorFile(name);
  const all = functions.flatMap((each) => operatorFile(each) ?? []);
  expect(all.filter((file) => behind.includes(`operators/${file}`))).toEqual(
    own === undefined ? [] : [own],
  );
});

it('only workerPool brings what pools alone need', async () => {
  const bringing: string[] = [];
  for (const name of functions) {
    const behind = await sourcesBehind(name);
    if (behind.some((file) => file.startsWith('operators/pool/'))) bringing.push(name);
  }
  expect(bringing).toEqual(['workerPool']);
});
