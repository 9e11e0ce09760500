/** Versions, for the pages that say with what something was measured or tried. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromiumPath } from './chromium.js';

/** That of an installed package. */
export function versionOf(name: string): string {
  const manifest = readFileSync(`node_modules/${name}/package.json`, 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** That of Chromium; `undefined` where it is not installed. */
export const chromiumVersion = (): string | undefined =>
  said(chromiumPath, '--version')?.match(/\d\S*/)?.[0];

/** That of Go; `undefined` where it is not installed. */
export const goVersion = (): string | undefined => said('go', 'version')?.match(/go(\d\S*)/)?.[1];

function said(program: string, argument: string): string | undefined {
  try {
    return execFileSync(program, [argument], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
