/**
 * The text that `JSON.stringify(value, null, 2)` gives, in pieces of some kilobytes. In one piece the text of a large document is made and moved several times in
 * memory that is new to the process each time, which takes longer than writing it.
 */
export function jsonPieces(value: unknown, take: Take): void {
  if (isMapping(value)) documentPieces(value, take);
  else take(JSON.stringify(value, null, 2));
}

function documentPieces(value: Readonly<Record<string, unknown>>, take: Take): void {
  let before = '{\n';
  const begin = (): void => {
    take(before);
    before = ',\n';
  };
  for (const key of Object.keys(value)) memberPieces(key, value[key], begin, take);
  take(before === '{\n' ? '{}' : '\n}');
}

/** Pieces are handed on as they are cut: joined to what stands before them, each would be copied once more. */
type Take = (piece: string) => void;

/** Members of a collection that are written together. */
const TOGETHER = 32;

/** `begin` comes before the first piece of a member that is written. */
function memberPieces(key: string, value: unknown, begin: () => void, take: Take): void {
  if (Array.isArray(value) && value.length > TOGETHER) {
    begin();
    listPieces(key, value, take);
  } else if (isMapping(value) && Object.keys(value).length > TOGETHER) {
    begin();
    mappingPieces(key, value, take);
  } else {
    // What JSON has no word for is left out with its key.
    const text = JSON.stringify({ [key]: value }, null, 2);
    if (text === '{}') return;
    begin();
    take(text.slice(2, -2));
  }
}

function listPieces(key: string, items: readonly unknown[], take: Take): void {
  take(`  ${JSON.stringify(key)}: [`);
  for (let at = 0; at < items.length; at += TOGETHER) {
    const text = JSON.stringify({ '': items.slice(at, at + TOGETHER) }, null, 2);
    if (at > 0) take(',');
    take(text.slice(OPEN.length, -CLOSE.length));
  }
  take('\n  ]');
}

function mappingPieces(key: string, value: Readonly<Record<string, unknown>>, take: Take): void {
  take(`  ${JSON.stringify(key)}: {`);
  const names = Object.keys(value);
  let isEmpty = true;
  for (let at = 0; at < names.length; at += TOGETHER) {
    const part: Record<string, unknown> = Object.create(null);
    for (const name of names.slice(at, at + TOGETHER)) part[name] = value[name];
    const text = JSON.stringify({ '': part }, null, 2);
    if (text === EMPTY) continue;
    if (!isEmpty) take(',');
    take(text.slice(OPEN.length, -CLOSE.length));
    isEmpty = false;
  }
  take(isEmpty ? '}' : '\n  }');
}

/** What stands around the members of a part, or with brackets around the items of one. */
const OPEN = '{\n  "": {';
const CLOSE = '\n  }\n}';
const EMPTY = '{\n  "": {}\n}';

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value && typeof value.toJSON === 'function');
}
