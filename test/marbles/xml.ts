/** A strict reader of what XML the pictures are: elements, attributes, text, and the five entities. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const name = /[A-Za-z][\w:.-]*/y;
const attribute = /\s+([A-Za-z][\w:.-]*)="([^"<]*)"/y;
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Reads a document of one element. @throws {SyntaxError} where it is not well-formed. */
export function readXml(text: string): Element {
  let at = 0;
  const fail = (what: string): never => {
    throw new SyntaxError(`Expected ${what} at ${at}: ${text.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found ?? undefined;
  };
  const element = (): Element => {
    if (text[at] !== '<') fail('an element');
    at++;
    const tag = take(name)?.[0] ?? fail('a name');
    const attributes = new Map<string, string>();
    for (let found = take(attribute); found; found = take(attribute)) {
      const [, key = '', value = ''] = found;
      if (attributes.has(key)) fail(`${key} once`);
      attributes.set(key, resolved(value));
    }
    take(/\s*/y);
    const children: Element['children'] = [];
    if (take(/\/>/y)) return { name: tag, attributes, children };
    if (!take(/>/y)) fail('>');
    while (!text.startsWith('</', at)) {
      const words = take(/[^<]+/y)?.[0];
      if (words?.includes(']]>')) fail('no ]]>');
      children.push(words === undefined ? element() : resolved(words));
    }
    at += 2;
    if (take(name)?.[0] !== tag || !take(/\s*>/y)) fail(`</${tag}>`);
    return { name: tag, attributes, children };
  };
  if (illegal.test(text)) throw new SyntaxError('A character that XML does not have');
  const root = element();
  take(/\s*/y);
  if (at < text.length) fail('the end');
  return root;
}

const entities = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

function resolved(text: string): string {
  return text.replace(/&[^;]*;?/g, (entity) => {
    const character = entities.get(entity);
    if (character === undefined) throw new SyntaxError(`${entity} is no entity`);
    return character;
  });
}

/** An element and all that are in it, in order. */
export function elementsOf(element: Element): Element[] {
  const inside = element.children.flatMap((child) =>
    typeof child === 'string' ? [] : elementsOf(child),
  );
  return [element, ...inside];
}

/** What is written in an element. */
export function textOf({ children }: Element): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
