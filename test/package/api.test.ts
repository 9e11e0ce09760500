import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { committedPath, entryNames, reportOf } from '../../scripts/api-report.js';

const reports = new Map(entryNames.map((entry) => [entry, reportOf(entry)]));
const exported = new Set(
  [...reports.values()].flatMap(({ text }) =>
    [...text.matchAll(/^export (?:abstract )?(?:\w+) (\w+)/gm)].map(([, name]) => name),
  ),
);

describe.each([...reports])('the public types of %s', (entry, { text, forgotten }) => {
  it('are those of the committed report (`npm run api:update` accepts a change)', () => {
    expect(text).toBe(readFileSync(committedPath(entry), 'utf8'));
  });

  it('mention nothing that no entry exports', () => {
    expect(forgotten.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('have a doc comment each', () => {
    expect(text.match(/\/\/ @public \(undocumented\)\n.*/g) ?? []).toEqual([]);
  });

  it('have no any among them', () => {
    expect(text.match(/^.*\bany\b.*$/gm) ?? []).toEqual([]);
  });
});
