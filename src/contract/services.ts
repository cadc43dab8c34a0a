import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { type GraphService, graphServices, own } from './communication-graph.ts';
import type { Contract } from './contract.ts';

export interface ServiceSources {
  /** The manifest as written, for the communication graph. */
  readonly raw: JsonObject;
  /** Service metadata as the user gave it, every entry an object (`serviceMetadataFaults`). */
  readonly serviceMetadata?: JsonObject;
  /** The onboarding metadata that the output directory already holds; of any shape. */
  readonly prior?: JsonValue;
}

export interface ResolvedServices {
  /** Onboarding `service_metadata`; absent when there is no service. */
  readonly services?: JsonObject;
  /** Onboarding `_enriched_from`: the earlier export that was drawn upon. */
  readonly enrichedFrom?: JsonObject;
}

/**
 * Works out how each service is spoken to (export.md §13.2). What the user gave is taken as given; otherwise each target is assumed to answer over HTTP.
 * With profile `source` the communication graph goes before both. With profile `observability` an earlier source export adds what is not there, and the
 * graph's protocol goes before the assumed one (E36).
 */
export function resolveServices(contract: Contract, { raw, serviceMetadata, prior }: ServiceSources): ResolvedServices {
  const graph = graphServices(raw);
  const stated = new Map<string, Entry>(Object.entries(serviceMetadata ?? {}).filter(isObjectEntry));
  const assumed = serviceMetadata === undefined ? assumedServices(contract) : new Map<string, Entry>();
  const services = new Map([...stated, ...assumed]);
  const source = contract.profile === 'observability' ? sourceExport(prior) : undefined;
  if (contract.profile === 'source') for (const [name, known] of graph) services.set(name, { ...services.get(name), ...graphEntry(known) });
  if (contract.profile === 'observability') {
    for (const [name, known] of source?.services ?? []) services.set(name, { ...services.get(name), ...known, ...services.get(name) });
    for (const [name, { protocol }] of graph) {
      if (protocol !== undefined && assumed.has(name)) services.set(name, { ...services.get(name), ...spoken(protocol) });
    }
  }
  return {
    ...(services.size > 0 && { services: Object.fromEntries(services) }),
    ...(source && { enrichedFrom: source.enrichedFrom }),
  };
}

/** Why service metadata cannot be used: one sentence for each entry that is no object. */
export function serviceMetadataFaults(value: JsonObject): readonly string[] {
  return Object.entries(value)
    .filter((entry) => !isObjectEntry(entry))
    .map(([name, entry]) => `The entry "${name}" is ${kindOf(entry)}; write an object such as {"transport_protocol": "http"}.`);
}

type Entry = JsonObject;

/** The targets that artifacts of this export name. A project-level artifact is no service, unless a target has the project's name. */
function assumedServices(contract: Contract): ReadonlyMap<string, Entry> {
  const targets = new Set(contract.manifest.spec.targets.map((target) => target.name));
  return new Map(contract.artifacts.filter(({ target }) => targets.has(target)).map(({ target }) => [target, spoken('http')]));
}

function graphEntry({ protocol = 'http', imports, rpcCalls }: GraphService): Entry {
  return {
    ...spoken(protocol),
    ...(imports.length > 0 && { imports }),
    ...(rpcCalls.length > 0 && { rpc_dependencies: rpcCalls }),
  };
}

function spoken(protocol: string): Entry {
  return { transport_protocol: protocol, healthcheck_type: protocol === 'grpc' ? 'grpc_health_probe' : 'http_get' };
}

function sourceExport(prior: JsonValue | undefined): { services: ReadonlyMap<string, Entry>; enrichedFrom: JsonObject } | undefined {
  if (own(prior, 'generation_profile') !== 'source') return undefined;
  const services = own(prior, 'service_metadata');
  return {
    services: new Map(isJsonObject(services) ? Object.entries(services).filter(isObjectEntry) : []),
    enrichedFrom: { profile: 'source', project_id: own(prior, 'project_id') ?? null, schema_version: own(prior, 'schema_version') ?? null },
  };
}

function isObjectEntry(entry: readonly [string, JsonValue | undefined]): entry is [string, JsonObject] {
  return isJsonObject(entry[1]);
}

function kindOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'empty';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
