import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import ts from 'typescript';

/** Where what tests import may be tests too, or help them. What they are about is elsewhere. */
const OF_TESTS = /^(test|marbles|scripts\/mutation)\//;

/** These files, and what they import of the tests, themselves or through others. */
export function withImports(files: readonly string[]): ReadonlySet<string> {
  const all = new Set(files);
  for (const file of all) for (const imported of importsOf(file)) all.add(imported);
  return all;
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)).config,
  ts.sys,
  '.',
);

const read = new Map<string, { readonly text: string; readonly imports: readonly string[] }>();

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const before = read.get(file);
  if (before?.text === text) return before.imports;
  const imports = ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => pathOf(fileName, file))
    .filter((path) => OF_TESTS.test(path));
  read.set(file, { text, imports });
  return imports;
}

/** The path of what `importer` calls so: by a relative path, or by the name of a package. */
function pathOf(name: string, importer: string): string {
  const { resolvedModule } = ts.resolveModuleName(name, resolve(importer), options, ts.sys);
  return relative('.', resolvedModule?.resolvedFileName ?? '');
}
