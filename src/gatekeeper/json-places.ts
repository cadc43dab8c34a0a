export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Wanted {
  readonly children: Map<string, Wanted>;
  offset: number | undefined;
}

/**
 * Where the keys of a JSON text stand: for each pointer the position of its key (of a list, its element), for an absent one that of its nearest ancestor.
 * The text is walked once for all pointers, and what no pointer asks for is skipped, so that 30 MB of metadata cost a moment and no tree.
 */
export function placesInJson(text: string, pointers: Iterable<string>): ReadonlyMap<string, Position> {
  const root: Wanted = { children: new Map(), offset: 0 };
  const asked = [...pointers];
  for (const pointer of asked) plant(root, tokensOf(pointer));
  const start = skipBlank(text, 0);
  root.offset = Math.min(start, text.length);
  walk(text, start, root);
  const found = asked.map((pointer) => [pointer, nearest(root, tokensOf(pointer))] as const);
  const positions = positionsAt(text, new Set(found.map(([, offset]) => offset)));
  return new Map(found.map(([pointer, offset]) => [pointer, positions.get(offset)!]));
}

/** The first place at which a text stops being JSON; absent when it is JSON. */
export function findJsonFault(text: string): Position | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const offset = faultOffset(text);
    return positionsAt(text, new Set([offset])).get(offset);
  }
}

function tokensOf(pointer: string): readonly string[] {
  return pointer === '' || pointer === '/'
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function plant(root: Wanted, tokens: readonly string[]): void {
  let node = root;
  for (const token of tokens) {
    let child = node.children.get(token);
    if (!child) {
      child = { children: new Map(), offset: undefined };
      node.children.set(token, child);
    }
    node = child;
  }
}

function nearest(root: Wanted, tokens: readonly string[]): number {
  let node: Wanted | undefined = root;
  let offset = root.offset ?? 0;
  for (const token of tokens) {
    node = node?.children.get(token);
    if (node?.offset === undefined) break;
    offset = node.offset;
  }
  return offset;
}

/** Walks the value at `at` as deep as pointers go; returns the offset after it. */
function walk(text: string, at: number, node: Wanted): number {
  if (node.children.size === 0) return skipValue(text, at);
  if (text[at] === '{') return walkObject(text, at + 1, node);
  if (text[at] === '[') return walkArray(text, at + 1, node);
  return skipValue(text, at);
}

function walkObject(text: string, from: number, node: Wanted): number {
  let at = skipBlank(text, from);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const child = node.children.get(keyAt(text, at, end));
    const value = skipBlank(text, skipBlank(text, end) + 1);
    // Of a repeated key the last one counts, as for every JSON reader.
    if (child) child.offset = at;
    at = skipBlank(text, child ? walk(text, value, child) : skipValue(text, value));
    if (text[at] !== ',') break;
    at = skipBlank(text, at + 1);
  }
  return at + 1;
}

function walkArray(text: string, from: number, node: Wanted): number {
  let at = skipBlank(text, from);
  for (let index = 0; at < text.length && text[at] !== ']'; index += 1) {
    const child = node.children.get(String(index));
    if (child) child.offset = at;
    at = skipBlank(text, child ? walk(text, at, child) : skipValue(text, at));
    if (text[at] !== ',') break;
    at = skipBlank(text, at + 1);
  }
  return at + 1;
}

function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;

function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
    } else if (code === 123 || code === 91) {
      depth += 1;
      at += 1;
      continue;
    } else if (code === 125 || code === 93) {
      if (depth === 0) return at;
      depth -= 1;
      at += 1;
    } else if (code === 44 && depth === 0) {
      return at;
    } else {
      at += 1;
      if (depth === 0) continue;
    }
    if (depth === 0) return at;
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** The number of a line counts line feeds, as editors and GitHub do. */
function positionsAt(text: string, offsets: ReadonlySet<number>): ReadonlyMap<number, Position> {
  const positions = new Map<number, Position>();
  let line = 1;
  let start = 0;
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    for (let end = text.indexOf('\n', start); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    positions.set(offset, { line, column: offset - start + 1 });
  }
  return positions;
}

const TOKEN =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)|[{}[\],:]/y;

/** Reads token by token with a stack of what is open. Only ever run on a text that JSON.parse refused. */
function faultOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let expects: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'separator' | 'end' = 'value';
  let at = skipBlank(text, 0);
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const closes = token === '}' || token === ']';
    if (closes) {
      const fits =
        open.at(-1) === (token === '}' ? '{' : '[') &&
        (expects === 'separator' || expects === (token === '}' ? 'key-or-end' : 'value-or-end'));
      if (!fits) return at;
      open.pop();
      expects = open.length > 0 ? 'separator' : 'end';
    } else if (token === ',') {
      if (expects !== 'separator') return at;
      expects = open.at(-1) === '{' ? 'key' : 'value';
    } else if (token === ':') {
      if (expects !== 'colon') return at;
      expects = 'value';
    } else if (expects === 'key' || expects === 'key-or-end') {
      if (token[0] !== '"') return at;
      expects = 'colon';
    } else if (expects !== 'value' && expects !== 'value-or-end') {
      return at;
    } else if (token === '{' || token === '[') {
      open.push(token);
      expects = token === '{' ? 'key-or-end' : 'value-or-end';
    } else {
      expects = open.length > 0 ? 'separator' : 'end';
    }
    at = skipBlank(text, at + token.length);
  }
  return text.length;
}
