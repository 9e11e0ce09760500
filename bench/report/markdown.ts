import { format, resolveConfig } from 'prettier';

/** A table; cells are text, not markup, where they are not made with {@link code} or {@link strong}. */
export function table(headings: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${headings.map((_, column) => (cells[column] ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  const right = new Set(['median', 'ratio', 'figure', 'least', 'times']);
  const rule = headings.map((heading) => (right.has(heading) ? '--:' : '---'));
  return [line(headings), line(rule), ...lines.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;
export const strong = (text: string): string => `**${text}**`;

/** As Prettier would have it. */
export async function tidied(markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig('docs/benchmarks.md')), parser: 'markdown' });
}
