import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { inTheChannel } from '../channel/planted-in-channel.js';
import { inSelect } from '../channel/planted-in-select.js';
import { known } from '../fuzz/known.js';
import { planted } from '../fuzz/planted.js';
import { plant, type Change } from '../support/library-copy.js';

// A fault is planted by its text. One that names what is not there any more would crash wherever it is come
// across, and be noticed for that, whatever its title says it does.

interface Fault {
  readonly title: string;
  readonly change: Change;
}

/** What the compiler says of each fault. Of those in different files it sees one each at a time, to be quick. */
function complaintsAbout(faults: readonly Fault[]): string[] {
  const { config } = ts.readConfigFile('tsconfig.build.json', (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  // What a fault leaves out may leave something unused.
  const unused = { noUnusedLocals: false, noUnusedParameters: false };
  const compilerOptions = { ...config.compilerOptions, ...unused };
  const json = { ...config, compilerOptions };
  const { options, fileNames } = ts.parseJsonConfigFileContent(json, ts.sys, resolve('.'));

  let round = 0;
  let changed = new Map<string, Fault>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => (changed.has(path) ? `${round}` : ''),
    getScriptSnapshot(path) {
      const text = ts.sys.readFile(path);
      const fault = changed.get(path);
      if (text === undefined) return undefined;
      return ts.ScriptSnapshot.fromString(fault === undefined ? text : plant(text, fault.change));
    },
    getCurrentDirectory: () => resolve('.'),
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
  });

  const complaints: string[] = [];
  for (let left = faults; left.length > 0; round++) {
    changed = new Map();
    for (const fault of left) {
      const path = resolve(fault.change.file);
      if (!changed.has(path)) changed.set(path, fault);
    }
    const seen = new Set(changed.values());
    left = left.filter((fault) => !seen.has(fault));
    for (const [path, { title }] of changed) {
      const found = [
        ...service.getSyntacticDiagnostics(path),
        ...service.getSemanticDiagnostics(path),
      ];
      for (const { messageText } of found) {
        complaints.push(`${title}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
      }
    }
  }
  return complaints;
}

it('every fault that is planted is sound TypeScript', { timeout: 60_000 }, () => {
  expect(complaintsAbout([...inTheChannel, ...inSelect, ...planted, ...known])).toEqual([]);
});

it('one that names what is not there would be noticed', { timeout: 60_000 }, () => {
  const file = 'src/line/ring.ts';
  const find = 'this.length++';
  const faults = ['more++', 'this.lenght++', 'this.length++'].map((put) => ({
    title: put,
    change: { file, find, put } as const,
  }));
  expect(complaintsAbout(faults)).toEqual([
    "more++: Cannot find name 'more'.",
    "this.lenght++: Property 'lenght' does not exist on type 'Ring<T>'. Did you mean 'length'?",
  ]);
});
