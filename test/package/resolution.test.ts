import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, inject, it } from 'vitest';

const tarball = inject('tarball');

it('publint has nothing to say about the package', async () => {
  const data = Uint8Array.from(readFileSync(tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

it('the types of each entry are right under every module resolution', () => {
  const { status, stdout, stderr } = spawnSync('attw', [tarball], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toContain('No problems found');
  expect(status).toBe(0);
});
