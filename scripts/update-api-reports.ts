/** Writes the API reports anew, after a build: `npm run api:update`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { committedPath, entryNames, reportOf } from './api-report.js';

for (const entry of entryNames) {
  const path = committedPath(entry);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, reportOf(entry).text);
}
