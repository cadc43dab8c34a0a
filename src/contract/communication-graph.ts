import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';

/** One service of `spec.service_communication_graph` (export.md §13.3); what is not of its kind counts as absent. */
export interface GraphService {
  readonly protocol?: string;
  readonly language?: string;
  readonly imports: readonly string[];
  readonly rpcCalls: readonly JsonObject[];
}

/** Onboarding `service_communication_graph`: the graph as written; undefined when there is none, or nothing in it. */
export function serviceCommunicationGraph(raw: JsonObject): JsonObject | undefined {
  const graph = own(own(raw, 'spec'), 'service_communication_graph');
  return isJsonObject(graph) && Object.keys(graph).length > 0 ? graph : undefined;
}

/** The services of the graph, in document order. */
export function graphServices(raw: JsonObject): ReadonlyMap<string, GraphService> {
  const services = own(serviceCommunicationGraph(raw), 'services');
  return isJsonObject(services) ? new Map(Object.entries(services).map(([name, entry]) => [name, readService(entry)])) : new Map();
}

/** An object's own property; undefined when there is none or this is no object. */
export function own(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function readService(entry: JsonValue | undefined): GraphService {
  const protocol = own(entry, 'protocol');
  const language = own(entry, 'language');
  const imports = own(entry, 'imports');
  const rpcCalls = own(entry, 'rpc_calls');
  return {
    ...(typeof protocol === 'string' && protocol !== '' && { protocol }),
    ...(typeof language === 'string' && language !== '' && { language }),
    imports: Array.isArray(imports) ? imports.filter((item) => typeof item === 'string') : [],
    rpcCalls: Array.isArray(rpcCalls) ? rpcCalls.filter(isJsonObject) : [],
  };
}
