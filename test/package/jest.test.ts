import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';

/** Runs jest, as a user of the marble kit would, over what was built. */
function jest(file: string) {
  const config = 'test/marbles/jest/jest.config.json';
  const args = ['node_modules/jest/bin/jest.js', '--config', config, '--runInBand', file];
  const env = { ...process.env, FORCE_COLOR: '1' };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, colourful: stderr, plain: stripVTControlCharacters(stderr) };
}

it('the marble kit works under jest', () => {
  const { status, plain } = jest('passing');
  expect(plain).toContain('Tests:       3 passed, 3 total');
  expect(status).toBe(0);
});

it('a failure under jest shows the diagrams, in the colours of jest', () => {
  const { status, colourful, plain } = jest('failing');
  expect(status).toBe(1);
  expect(plain).toContain('Tests:       2 failed, 2 total');
  expect(plain).toContain(`
    expect(output).toHaveEmitted(expected)

    frame      0 2  5  8
    expected   --a--b--(c|)
    actual     --a---b-(c|)
                    ^
    At frame 5: expected b, but nothing came; b came at frame 6.

    where  a = { id: 'a' }
`);
  expect(plain).toContain('Expected anything else, but exactly this was recorded.');
  const [green, red, inverse, close] = ['\u001b[32m', '\u001b[31m', '\u001b[7m', '\u001b[27m'];
  expect(colourful).toContain(`${green}${inverse}b${close}`);
  expect(colourful).toContain(`${red}${inverse}-${close}`);
});
