import { relative } from 'node:path';

/** How the example shows numbers and folders. */
export const integer = (value: number): string => Math.round(value).toLocaleString('en-US');

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** From here, where that is shorter. */
export function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
