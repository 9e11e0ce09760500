import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

export type Layer = 'src' | 'operators' | 'marbles';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports or re-exports: its own kind by path from the root, packages by name. */
  readonly imports: readonly string[];
}

/** The published sources of one layer; specs stand beside the marble kit and are not published. */
export function sourcesOf(layer: Layer): readonly SourceFile[] {
  return readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(layer, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !path.startsWith('marbles/specs/'))
    .sort()
    .map(read);
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return { path, text, imports: importedFiles.map(({ fileName }) => fromRoot(path, fileName)) };
}

const fromRoot = (importer: string, specifier: string) =>
  specifier.startsWith('.') ? posix.join(dirname(importer), specifier) : specifier;

/** The members that a text reads by name, taken apart or not, and its strings; comments are left out. */
export function membersOf(text: string): ReadonlySet<string> {
  const members = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) members.add(node.name.text);
    if (ts.isBindingElement(node)) members.add((node.propertyName ?? node.name).getText());
    if (ts.isStringLiteralLike(node)) members.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('text.ts', text, ts.ScriptTarget.Latest, true));
  return members;
}
