import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of code. */
export interface Block {
  readonly title: string;
  readonly code: string;
  /** What stands behind the name of the language, if anything. */
  readonly note: string;
}

/** The blocks of one language, numbered. */
export function blocksOf(title: string, text: string, language: string): Block[] {
  const fence = new RegExp('```' + language + '(?: (.*))?\\n([\\s\\S]*?)```', 'g');
  return [...text.matchAll(fence)].map(([, note = '', code = ''], index) => ({
    title: `${title}, ${index + 1}`,
    code,
    note,
  }));
}

/** What `code` says that it prints, in the comments behind the lines that print. */
export const saidBy = (code: string, print: 'console.log' | 'fmt.Print'): string =>
  [...code.matchAll(new RegExp(`${print.replace('.', '\\.')}\\w*\\(.*// (.*)$`, 'gm'))]
    .map(([, output]) => output)
    .join(' ');

/** The README and the pages of `docs/`, by path. */
export const pages: readonly (readonly [path: string, text: string])[] = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
].map((path) => [path, readFileSync(path, 'utf8')]);
