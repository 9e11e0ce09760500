import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the packed package. */
    tarball: string;
  }
}

/** Packs what the last build left, once for all checks that look at the package from outside. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rxjs-sluice-pack-'));
  const packed = execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    { encoding: 'utf8' },
  );
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  project.provide('tarball', join(folder, filename));
  return () => rmSync(folder, { recursive: true });
}
