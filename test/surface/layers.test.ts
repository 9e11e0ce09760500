import { describe, expect, it } from 'vitest';
import { sourcesOf, membersOf, type Layer } from './source-files.js';

/** What each layer may import: marbles → operators → src, and nothing of Node's anywhere. */
const allowed: Readonly<Record<Layer, RegExp>> = {
  src: /^src\//,
  operators: /^(src\/|operators\/|rxjs$)/,
  marbles: /^(src\/|operators\/|marbles\/(?!specs\/)|rxjs$|rxjs\/testing$)/,
};

describe.each(Object.entries(allowed))('every file of %s', (layer, may) => {
  const files = sourcesOf(layer as Layer);

  it('is found by this test', () => {
    expect(files.map(({ path }) => path)).toContain(`${layer}/index.ts`);
  });

  it(`imports only ${may.source}`, () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports.filter((specifier) => !may.test(specifier)).map((specifier) => [path, specifier]),
    );
    expect(wrong).toEqual([]);
  });

  it('is imported with its ending', () => {
    const bare = files.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.includes('/') && !specifier.startsWith('rxjs'))
        .filter((specifier) => !specifier.endsWith('.js'))
        .map((specifier) => [path, specifier]),
    );
    expect(bare).toEqual([]);
  });
});

const published = [...sourcesOf('src'), ...sourcesOf('operators'), ...sourcesOf('marbles')];

it('only find-demand.ts reads the destination of a subscriber', () => {
  const reading = published.filter(({ text }) => membersOf(text).has('destination'));
  expect(reading.map(({ path }) => path)).toEqual(['operators/link/find-demand.ts']);
});
