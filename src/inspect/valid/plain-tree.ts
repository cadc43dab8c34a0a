import { isJsonObject, type JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import type { PlainDocument } from '../../host/plain-yaml.ts';
import { findSpan } from '../../host/spans.ts';
import { offsetsWithin } from './line-starts.ts';
import type { Path, Tree } from './tree.ts';

/** The same tree that the parser's document gives. */
export function openPlainTree(text: string, { root, span: all }: PlainDocument, locate: (offset: number) => Place): Tree {
  const placesWithin = (path: Path, offsets: readonly number[]): readonly Place[] => {
    const { span, exact } = findSpan(all, path);
    const value = exact ? valueAt(root, path) : undefined;
    const isText = typeof value === 'string' && value !== '';
    return (isText ? offsetsWithin(text, span.start, span.end, value, offsets) : offsets.map(() => span.start)).map(locate);
  };
  return {
    root,
    place: (path, side) => {
      const { span, exact } = findSpan(all, path);
      return locate((side === 'key' || !exact ? span.key : undefined) ?? span.start);
    },
    placeWithin: (path, offset) => placesWithin(path, [offset])[0]!,
    placesWithin,
    written: (path) => {
      const { span, exact } = findSpan(all, path);
      if (!exact || span.children !== undefined) return undefined;
      const value = valueAt(root, path);
      return typeof value === 'string' ? value : text.slice(span.start, span.end);
    },
  };
}

function valueAt(root: JsonValue, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const name of path) value = Array.isArray(value) ? value[Number(name)] : isJsonObject(value) ? value[name] : undefined;
  return value;
}
