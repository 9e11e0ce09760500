import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const runners = ['describe', 'it', 'test', 'suite', 'bench'];
const shutOut = ['only', 'skip', 'todo'];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', '.data/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A field may change while foreign code runs between two reads of it; the checker's narrowing
      // does not see re-entrance, and would have the second check removed.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Where `T` may itself be undefined, `as T` says what is meant and `!` does not.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Name every export: a face that lists its names can be read and diffed.',
        },
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'operators/**/*.ts', 'marbles/**/*.ts'],
    ignores: ['**/*.test.ts', 'marbles/specs/**'],
    rules: {
      'no-console': 'error',
      // RxJS 7 marks as deprecated what a Subscriber of one's own needs; there is no other way in.
      '@typescript-eslint/no-deprecated': 'off',
      // A rule that has nothing to do at some step says so with an empty method.
      '@typescript-eslint/no-empty-function': 'off',
      // An AbortSignal's reason, or what a channel was closed with, is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    // Consumers in tests do what users do: they throw odd things, ignore promises, return nothing.
    files: ['test/**/*.ts', 'marbles/specs/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      'require-yield': 'off',
      'no-restricted-properties': [
        'error',
        ...runners.flatMap((object) =>
          shutOut.map((property) => ({
            object,
            property,
            message: 'Every test runs, everywhere.',
          })),
        ),
      ],
    },
  },
  {
    // Compiled, and never run; what must not compile has no types to speak of.
    files: ['test/types/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Programs that use the package as plain JavaScript.
    files: ['test/package/consumer/*'],
    languageOptions: { globals: { console: 'readonly', require: 'readonly' } },
  },
  {
    // Tools read a default export from their configuration.
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
