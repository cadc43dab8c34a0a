/**
 * The text that `JSON.stringify(value, null, 2)` gives, in pieces of some kilobytes. In one piece the text of a large document is made and moved several times in
 * memory that is new to the process each time, which takes longer than writing it.
 */
export function jsonPieces(value: unknown, take: (piece: string) => void): void {
  if (isMapping(value)) documentPieces(value, take);
  else take(JSON.stringify(value, null, 2));
}

function documentPieces(value: Readonly<Record<string, unknown>>, take: (piece: string) => void): void {
  let before = '{\n';
  for (const key of Object.keys(value)) {
    memberPieces(key, value[key], (piece, isFirst) => {
      take(isFirst ? before + piece : piece);
      before = ',\n';
    });
  }
  take(before === '{\n' ? '{}' : '\n}');
}

/** Members of a collection that are written together. */
const TOGETHER = 32;

type TakeMember = (piece: string, isFirst: boolean) => void;

function memberPieces(key: string, value: unknown, take: TakeMember): void {
  if (Array.isArray(value) && value.length > TOGETHER) listPieces(key, value, take);
  else if (isMapping(value) && Object.keys(value).length > TOGETHER) mappingPieces(key, value, take);
  else {
    // What JSON has no word for is left out with its key.
    const text = JSON.stringify({ [key]: value }, null, 2);
    if (text !== '{}') take(text.slice(2, -2), true);
  }
}

function listPieces(key: string, items: readonly unknown[], take: TakeMember): void {
  for (let at = 0; at < items.length; at += TOGETHER) {
    const text = JSON.stringify({ [key]: items.slice(at, at + TOGETHER) }, null, 2);
    take(at === 0 ? text.slice(2, -CLOSE.length) : ',' + text.slice(text.indexOf('[\n') + 1, -CLOSE.length), at === 0);
  }
  take('\n  ]', false);
}

function mappingPieces(key: string, value: Readonly<Record<string, unknown>>, take: TakeMember): void {
  const head = `  ${JSON.stringify(key)}: {`;
  const names = Object.keys(value);
  let before = head;
  for (let at = 0; at < names.length; at += TOGETHER) {
    const part: Record<string, unknown> = Object.create(null);
    for (const name of names.slice(at, at + TOGETHER)) part[name] = value[name];
    const text = JSON.stringify({ '': part }, null, 2);
    if (text === EMPTY) continue;
    take(before + text.slice(OPEN.length, -CLOSE.length), before === head);
    before = ',';
  }
  take(before === head ? `${head}}` : '\n  }', before === head);
}

/** What stands around the members of a part, a bracket in place of a brace. */
const OPEN = '{\n  "": {';
const CLOSE = '\n  }\n}';
const EMPTY = '{\n  "": {}\n}';

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value && typeof value.toJSON === 'function');
}
