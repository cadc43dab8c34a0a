// What our loopback receiver asks of every OTLP request, of whichever signal: the shapes of JSON, and protobuf decoded with code of its own.

export type TypedValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'array'; readonly value: readonly TypedValue[] };

export type TypedAttributes = Readonly<Record<string, TypedValue>>;

export type Raw = Readonly<Record<string, unknown>>;

export function attributes(value: unknown, where: string): TypedAttributes {
  const held: Record<string, TypedValue> = Object.create(null);
  for (const pair of array(value ?? [], `${where} attributes`)) {
    const raw = object(pair, `${where} attribute`, ['key', 'value']);
    const key = nonEmpty(raw['key'], `${where} attribute key`);
    if (Object.hasOwn(held, key)) throw new Error(`${where} has ${key} twice`);
    held[key] = anyValue(raw['value'], `${where} ${key}`);
  }
  return held;
}

export function anyValue(value: unknown, where: string): TypedValue {
  const raw = object(value, where, ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue']);
  const kinds = Object.keys(raw);
  if (kinds.length !== 1) throw new Error(`${where} holds ${kinds.length} values`);
  const [kind] = kinds;
  const held = raw[kind!];
  if (kind === 'stringValue') return { type: 'string', value: string(held, where) };
  if (kind === 'boolValue') {
    if (typeof held !== 'boolean') throw new Error(`${where} is no boolean`);
    return { type: 'boolean', value: held };
  }
  if (kind === 'intValue') {
    if (!(typeof held === 'string' && /^-?\d{1,19}$/.test(held)) && !Number.isSafeInteger(held))
      throw new Error(`${where} is no int: ${String(held)}`);
    return { type: 'int', value: BigInt(held as string | number) };
  }
  if (kind === 'doubleValue') {
    if (typeof held !== 'number' || !Number.isFinite(held)) throw new Error(`${where} is no double: ${String(held)}`);
    return { type: 'double', value: held };
  }
  const items = array(object(held, where, ['values'])['values'] ?? [], where).map((item) => anyValue(item, where));
  if (new Set(items.map((item) => item.type)).size > 1) throw new Error(`${where} mixes types`);
  return { type: 'array', value: items };
}

export function object(value: unknown, where: string, keys: readonly string[]): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is no object`);
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw new Error(`${where} has an unknown key ${key}`);
  return value as Raw;
}

export function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} is no array`);
  return value;
}

export function string(value: unknown, where: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw new Error(`${where} is no well-formed string`);
  return value;
}

export function nonEmpty(value: unknown, where: string): string {
  const text = string(value, where);
  if (text === '') throw new Error(`${where} is empty`);
  return text;
}

export function id(value: unknown, digits: number, where: string): string {
  const text = string(value, where);
  if (text.length !== digits || !/^[0-9a-f]+$/.test(text) || /^0+$/.test(text)) throw new Error(`${where} is no id: ${text}`);
  return text;
}

export function integer(value: unknown, where: string, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw new Error(`${where} is ${String(value)}`);
  return value as number;
}

export function nanos(value: unknown, where: string): bigint {
  if (typeof value !== 'string' || !/^[1-9]\d{0,19}$/.test(value)) throw new Error(`${where} is no time: ${String(value)}`);
  return BigInt(value);
}

// The part of opentelemetry-proto that every request is made of: field number → [key, kind], a list when `many`.
type Kind = 'text' | 'hex' | 'varint' | 'int64' | 'fixed64' | 'sfixed64' | 'fixed32' | 'double' | 'bool' | Schema;
export interface Schema {
  readonly [field: number]: readonly [key: string, kind: Kind, many?: 'many'];
}

export const VALUE: { [field: number]: readonly [string, Kind, 'many'?] } = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
};
VALUE[5] = ['arrayValue', { 1: ['values', VALUE, 'many'] }];
export const ATTRIBUTE: Schema = { 1: ['key', 'text'], 2: ['value', VALUE] };
export const SCOPE: Schema = { 1: ['name', 'text'], 2: ['version', 'text'] };
export const RESOURCE: Schema = { 1: ['attributes', ATTRIBUTE, 'many'] };

export function decodeProtobuf(bytes: Buffer, schema: Schema): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  const lists = new Map<string, unknown[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new Error('a varint without end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new Error('a field longer than its message');
    at += size;
    return bytes.subarray(at - size, at);
  };
  const wires = [() => varint(), () => take(8), () => take(Number(varint())), undefined, undefined, () => take(4)] as const;
  while (at < bytes.length) {
    const tag = Number(varint());
    const read = wires[tag & (7 as 0)];
    const field = schema[tag >>> 3];
    if (!read || !field) throw new Error(`an unknown protobuf field ${tag >>> 3}`);
    const [key, kind, many] = field;
    const value = protobufValue((read as () => bigint | Buffer)(), kind);
    if (many) lists.set(key, [...(lists.get(key) ?? []), value]);
    else made[key] = value;
  }
  return { ...made, ...Object.fromEntries(lists) };
}

function protobufValue(raw: bigint | Buffer, kind: Kind): unknown {
  if (typeof raw === 'bigint') return kind === 'bool' ? raw !== 0n : kind === 'int64' ? String(BigInt.asIntN(64, raw)) : Number(raw);
  if (typeof kind === 'object') return decodeProtobuf(raw, kind);
  if (kind === 'text') return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  if (kind === 'hex') return raw.toString('hex');
  if (kind === 'fixed64') return String(raw.readBigUInt64LE());
  if (kind === 'sfixed64') return String(raw.readBigInt64LE());
  if (kind === 'fixed32') return raw.readUInt32LE();
  if (kind === 'double') return raw.readDoubleLE();
  throw new Error(`a field of the wrong wire type for ${kind}`);
}
