import { serviceMetadataFaults } from '../contract/sections.ts';
import { isJsonObject, type JsonObject } from '../host/json.ts';

/** An auxiliary file as it was understood, or why it cannot be used. Warnings are sentences; `value` is absent where the file says null, as if it were not given. */
export type AuxiliaryOutcome =
  | { readonly ok: true; readonly value?: JsonObject; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Reads a task mapping, artifact id → task id (export.md §13.1, E33). Odd values pass through with a warning. */
export function parseTaskMapping(bytes: Uint8Array, path: string): AuxiliaryOutcome {
  const read = readObject(bytes, path, 'The task mapping', '{"checkout_api-dashboard": "OPS-12"}');
  if (!read.ok) return read;
  const odd = Object.entries(read.value).filter(([, task]) => typeof task !== 'string' || task.trim() === '');
  return {
    ok: true,
    value: read.value,
    warnings: odd.map(([id, task]) => `${path}: the task of ${id} is ${kindOf(task)}; a task id is text that is not empty.`),
  };
}

/** Reads service metadata, service → how it is spoken to (export.md §13.2, E34). An empty object means that there are no services; null, that nothing was given. */
export function parseServiceMetadata(bytes: Uint8Array, path: string): AuxiliaryOutcome {
  const example = '{"checkout-api": {"transport_protocol": "grpc"}}';
  if (isNull(bytes)) return { ok: true, warnings: [] };
  const read = readObject(bytes, path, 'The service metadata', example);
  if (!read.ok) return read;
  const [fault] = serviceMetadataFaults(read.value);
  if (fault !== undefined) return { ok: false, message: `${path}: ${fault}` };
  const warnings = Object.entries(read.value).flatMap(([service, entry]) => (isJsonObject(entry) ? oddities(path, service, entry) : []));
  return { ok: true, value: read.value, warnings };
}

const PROTOCOLS = ['grpc', 'http', 'grpc-web'];
const TEXTS = ['schema_contract', 'base_image', 'healthcheck_type'];
const LISTS = ['imports', 'rpc_dependencies', 'exposes_rpcs'];
const KEYS = ['transport_protocol', ...TEXTS, ...LISTS];

function oddities(path: string, service: string, entry: JsonObject): readonly string[] {
  const about = (what: string) => `${path}: the service ${service} ${what}.`;
  const protocol = entry['transport_protocol'];
  return [
    ...(protocol === undefined ? [about('has no transport_protocol; give grpc, http or grpc-web')] : []),
    ...(protocol !== undefined && !(typeof protocol === 'string' && PROTOCOLS.includes(protocol))
      ? [about(`has the transport_protocol ${JSON.stringify(protocol)}; grpc, http and grpc-web are known`)]
      : []),
    ...TEXTS.filter((key) => entry[key] !== undefined && (typeof entry[key] !== 'string' || entry[key] === '')).map((key) =>
      about(`has a ${key} that is no text`),
    ),
    ...LISTS.filter((key) => entry[key] !== undefined && !Array.isArray(entry[key])).map((key) => about(`has ${key} that are no list`)),
    ...Object.keys(entry)
      .filter((key) => !KEYS.includes(key))
      .map((key) => about(`has the key ${key}, which nothing reads; known are ${KEYS.join(', ')}`)),
  ];
}

type ObjectOutcome = { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly message: string };

function readObject(bytes: Uint8Array, path: string, what: string, example: string): ObjectOutcome {
  const text = decoded(bytes);
  if (text === undefined) return { ok: false, message: `${what} ${path} is not UTF-8; save it as UTF-8.` };
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return { ok: true, value };
    return { ok: false, message: `${what} ${path} is ${kindOf(value)}; write an object such as ${example}.` };
  } catch (error) {
    return {
      ok: false,
      message: `${what} ${path} is not JSON (${error instanceof Error ? error.message : String(error)}); write an object such as ${example}.`,
    };
  }
}

function isNull(bytes: Uint8Array): boolean {
  return bytes.length < 100 && decoded(bytes)?.trim() === 'null';
}

/** Without a byte order mark, which editors leave and JSON does not know. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'empty';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
