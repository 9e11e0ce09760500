import { resolve } from 'node:path';
import ts from 'typescript';

/**
 * What a user can give that the library runs: `'function'`: it is called; `'input'`: an ObservableInput, which
 * is subscribed; `'iterator'`: what is pulled.
 */
export type Kind = 'function' | 'input' | 'iterator';

/** Types of the library that a user gets from it, and does not make: nothing in them is the user's own. */
const NOUNS = new Set(['Channel', 'SendChannel', 'ReceiveChannel', 'Mutex', 'SelectCase']);

/** Types of a user's, declared elsewhere, that the library calls. */
const FOREIGN = new Set(['SchedulerLike', 'TimestampProvider']);

const ITERABLES = new Set(['Iterable', 'AsyncIterable', 'ReadableStream']);
const INPUTS = new Set(['Observable', 'InteropObservable']);

/**
 * Everything in the public types of the entry `file` that the library calls, subscribes or pulls, by the way to
 * it: `workerPool.options.keyBy`. Read off the types, so that a new one cannot be forgotten.
 */
export function publicCallbacks(program: ts.Program, file: string): Map<string, Kind> {
  const entry = program.getSourceFile(resolve(file));
  if (entry === undefined) throw new Error(`Expected ${file} to be a source file`);
  return new Search(program.getTypeChecker(), entry).found;
}

/** The program of these files, as the repository compiles it. */
export function programOf(...files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  return ts.createProgram(
    files.map((file) => resolve(file)),
    options,
  );
}

class Search {
  readonly found = new Map<string, Kind>();
  /** The types on the way to where the search is: one that holds itself is looked into once. */
  private readonly way: ts.Type[] = [];

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly entry: ts.SourceFile,
  ) {
    const module = checker.getSymbolAtLocation(entry);
    for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      this.lookAt(isAlias ? checker.getAliasedSymbol(exported) : exported);
    }
  }

  private lookAt(symbol: ts.Symbol): void {
    const { name, flags } = symbol;
    if (flags & ts.SymbolFlags.Function) {
      this.parameters(name, this.checker.getTypeOfSymbol(symbol));
    } else if (flags & ts.SymbolFlags.Class) {
      for (const made of this.checker.getTypeOfSymbol(symbol).getConstructSignatures()) {
        this.signature(name, made);
      }
      this.methods(name, this.checker.getDeclaredTypeOfSymbol(symbol));
    } else if (flags & ts.SymbolFlags.Interface) {
      this.methods(name, this.checker.getDeclaredTypeOfSymbol(symbol));
    }
  }

  /** What the methods take of something that the library hands out. */
  private methods(name: string, type: ts.Type): void {
    for (const member of type.getProperties()) {
      const [declared] = member.declarations ?? [];
      if (declared === undefined || !isOwn(declared) || isHidden(declared)) continue;
      const isMethod = ts.isMethodDeclaration(declared) || ts.isMethodSignature(declared);
      if (isMethod) this.parameters(`${name}.${member.name}`, this.typeOf(member));
    }
  }

  private parameters(name: string, type: ts.Type): void {
    for (const signature of type.getCallSignatures()) this.signature(name, signature);
  }

  private signature(name: string, { parameters }: ts.Signature): void {
    for (const parameter of parameters) {
      // One that is taken apart has no name of its own.
      const called = parameter.name.startsWith('__') ? 'options' : parameter.name;
      this.visit(`${name}.${called}`, this.typeOf(parameter));
    }
  }

  private typeOf(symbol: ts.Symbol): ts.Type {
    return this.checker.getTypeOfSymbolAtLocation(symbol, this.entry);
  }

  private visit(path: string, given: ts.Type): void {
    const type = this.checker.getNonNullableType(given);
    if (this.way.includes(type)) return;
    this.way.push(type);
    const parts = partsOf(type);
    const kind = kindOf(type);
    if (kind !== undefined) this.found.set(path, kind);
    for (const part of parts) if (kind === undefined || isOwnType(part)) this.look(path, part);
    this.way.pop();
  }

  private look(path: string, type: ts.Type): void {
    const calls = type.getCallSignatures();
    if (calls.length > 0) {
      this.found.set(path, 'function');
      // What it returns may be for the library to subscribe.
      for (const call of calls) {
        const returned = call.getReturnType();
        const kind = kindOf(this.checker.getBaseConstraintOfType(returned) ?? returned);
        if (kind !== undefined) this.found.set(`${path}()`, kind);
      }
    } else if (isOwnType(type) || FOREIGN.has(nameOf(type))) {
      for (const member of type.getProperties()) {
        if (!member.name.startsWith('__'))
          this.visit(`${path}.${member.name}`, this.typeOf(member));
      }
    }
  }
}

const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

/** A type, some of which have no name, whatever the compiler's own types say. */
interface Named {
  readonly symbol: ts.Symbol | undefined;
  readonly aliasSymbol?: ts.Symbol | undefined;
}

const nameOf = ({ symbol }: Named): string => symbol?.name ?? '';

/** What it is as a whole, if it is not to be looked into. */
function kindOf(type: ts.Type): Kind | undefined {
  const names = partsOf(type).map((part) => part.aliasSymbol?.name ?? nameOf(part));
  if (names.some((name) => INPUTS.has(name))) return 'input';
  return names.some((name) => ITERABLES.has(name)) ? 'iterator' : undefined;
}

const isOwn = (node: ts.Node): boolean => !node.getSourceFile().fileName.includes('node_modules');

/** Whether it is declared here, is no class, and is nobody's but a user's. */
function isOwnType({ symbol, aliasSymbol }: Named): boolean {
  if (aliasSymbol?.declarations?.some(isOwn)) return !NOUNS.has(aliasSymbol.name);
  if (symbol === undefined || NOUNS.has(symbol.name)) return false;
  if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.TypeParameter)) return false;
  return symbol.declarations?.some(isOwn) === true;
}

function isHidden(declared: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if (ts.getCombinedModifierFlags(declared) & hidden) return true;
  return ts.getJSDocTags(declared).some(({ tagName }) => tagName.text === 'internal');
}
