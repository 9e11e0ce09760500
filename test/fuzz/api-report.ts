import { readFileSync } from 'node:fs';

/** What the API report of the operators names, read as text. */

/** A parameter of a function, or an option among those that it takes. */
export interface Place {
  /** `workerPool(0)` is its first parameter, `workerPool(2).queue` an option. */
  readonly name: string;
  /** The kinds of value that its type allows, as `generated.ts` calls them. */
  readonly kinds: readonly string[];
  readonly optional: boolean;
}

const text = readFileSync('etc/rxjs-sluice-operators.api.md', 'utf8');

/** Each exported function. */
export const functions: readonly string[] = [
  ...new Set([...text.matchAll(/^export function (\w+)/gm)].map(([, name]) => name!)),
];

const aliases = new Map(
  [...text.matchAll(/^export type (\w+)(?:<.*?>)? = (.*);$/gm)].map(([, name, type]) => [
    name!,
    type!,
  ]),
);

interface Interface {
  readonly parents: readonly string[];
  readonly members: readonly (readonly [name: string, optional: boolean, type: string])[];
}

const interfaces = new Map<string, Interface>(
  [...text.matchAll(/^export interface (\w+)(?:<.*?>)?(?: extends (.*?))? \{\n(.*?)^\}/gms)].map(
    ([, name, parents = '', body]) => [
      name!,
      {
        parents: split(parents.replace(/ = never/, ''), ','),
        members: [...body!.matchAll(/^ {4}readonly (\w+)(\??): (.*);$/gm)].map(
          ([, member, optional, type]) => [member!, optional === '?', type!] as const,
        ),
      },
    ],
  ),
);

/** Every parameter, and every option, of every function. */
export function places(): Place[] {
  const all = [...text.matchAll(/^export function (\w+)(.*)$/gm)];
  return all.flatMap(([, name, signature]) =>
    parametersOf(signature!).flatMap(([optional, type], at) => {
      const place = `${name}(${at})`;
      const options = membersOf(type);
      if (options === undefined) return [{ name: place, kinds: kindsOf(type), optional }];
      return options.map(([option, isOptional, of]) => ({
        name: `${place}.${option}`,
        kinds: kindsOf(of),
        optional: isOptional,
      }));
    }),
  );
}

/** The options of a type that is options, those of its parents included. */
function membersOf(type: string): Interface['members'] | undefined {
  const [, name = ''] = /^(\w*Options)\b/.exec(type) ?? [];
  const found = interfaces.get(name);
  if (found !== undefined) {
    return [...found.members, ...found.parents.flatMap((parent) => membersOf(parent) ?? [])];
  }
  const [, of, without] = /^Omit<(.*), (.*)>$/.exec(aliases.get(name) ?? '') ?? [];
  if (of === undefined || without === undefined) return undefined;
  const [, keysOf = ''] = /^keyof (\w+)$/.exec(without) ?? [];
  const left = (membersOf(keysOf) ?? []).map(([key]) => `'${key}'`);
  const omitted = new Set([...left, ...split(without, '|')]);
  return membersOf(of)?.filter(([member]) => !omitted.has(`'${member}'`));
}

function parametersOf(signature: string): (readonly [optional: boolean, type: string])[] {
  // Behind the type parameters, the first pair of parentheses.
  const [, list = ''] = /^(?:<.*?>)?\((.*)\): /.exec(signature.replace(/^<.*?>(?=\()/, '')) ?? [];
  return split(list, ',').map((parameter) => {
    const [, optional, type = ''] = /^\w+(\??): (.*)$/.exec(parameter) ?? [];
    return [optional === '?', type];
  });
}

function kindsOf(type: string): string[] {
  return split(type, '|').flatMap((one): string[] => {
    const plain = one.replace(/^\((.*)\)$/, '$1');
    const [, name = ''] = /^(\w+)/.exec(plain) ?? [];
    if (one === 'undefined') return [];
    if (one === 'boolean') return ['true', 'false'];
    if (one.startsWith("'") || one === 'number') return [one];
    if (plain.includes('=>')) return ['function'];
    if (name === 'ObservableInput') return ['Observable'];
    const alias = aliases.get(name);
    if (alias !== undefined) return kindsOf(alias);
    return SHAPES.includes(name) ? [name] : ['object'];
  });
}

/** The types that `generated.ts` tells from other objects. */
export const SHAPES: readonly string[] = [
  'AdaptiveLimit',
  'ReadableStream',
  'AsyncIterable',
  'Iterable',
  'Observable',
];

/** Splits at `by`, where that does not stand in brackets. */
function split(list: string, by: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of list.replaceAll('=>', '=›')) {
    if ('([{<'.includes(char)) depth++;
    if (')]}>'.includes(char)) depth--;
    if (char === by && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return parts.map((part) => part.replaceAll('=›', '=>').trim()).filter((part) => part !== '');
}
