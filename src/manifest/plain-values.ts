import { isJsonObject, type JsonValue } from '../host/json.ts';
import { readPlainYaml } from '../host/plain-yaml.ts';
import type { Span } from '../host/spans.ts';
import { readAsYaml11 } from './yaml-scalars.ts';
import type { AmbiguousScalar, YamlValues } from './yaml-values.ts';

/** What the parser would give, without the parser, of a text that is one document in plain YAML; undefined of any other. */
export function readPlainValues(text: string): YamlValues | undefined {
  const [only, ...others] = readPlainYaml(text) ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const walk = new PlainWalk(text);
  const root = walk.read(only.root, only.span);
  return walk.hasOddKey ? undefined : { root, span: only.span, duplicates: [], oddKeys: [], ambiguous: walk.ambiguous };
}

/** What YAML may read as a number, a boolean or null. */
const ODD_KEY = /^(?:\d|(?:true|false|null)$)/i;

class PlainWalk {
  readonly ambiguous: AmbiguousScalar[] = [];
  hasOddKey = false;
  readonly #text: string;
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(value: JsonValue, span: Span): JsonValue {
    if (span.children === undefined) this.#noteAmbiguous(value, span);
    if (Array.isArray(value)) return value.map((item, index) => this.#within(index, item, span));
    if (!isJsonObject(value)) return value;
    const mapping: Record<string, JsonValue> = Object.create(null);
    for (const [name, item] of Object.entries(value)) {
      if (ODD_KEY.test(name)) this.hasOddKey = true;
      mapping[name] = this.#within(name, item as JsonValue, span);
    }
    return mapping;
  }

  #within(name: string | number, value: JsonValue, { children }: Span): JsonValue {
    this.#path.push(name);
    const read = this.read(value, children!.get(name)!);
    this.#path.pop();
    return read;
  }

  /** Quotes and the headers of blocks are no beginning of what YAML 1.1 reads otherwise. */
  #noteAmbiguous(value: JsonValue, { start, end }: Span): void {
    const source = this.#text.slice(start, end);
    const old = readAsYaml11(source);
    if (old) this.ambiguous.push({ ...old, path: [...this.#path], source, value });
  }
}
