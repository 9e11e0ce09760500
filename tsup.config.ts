import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'operators/index': 'operators/index.ts',
    'marbles/index': 'marbles/index.ts',
  },
  format: ['esm', 'cjs'],
  // `Disposable`, which a consumer's `lib` may not name.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  tsconfig: 'tsconfig.build.json',
  target: 'es2022',
  platform: 'neutral',
  external: [/^rxjs($|\/)/],
  // What two entries share goes into chunks, in both formats, so that a class has one identity.
  splitting: true,
  sourcemap: true,
  clean: true,
});
