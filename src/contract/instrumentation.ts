import { sortByCodePoint } from '../host/code-points.ts';
import type { JsonObject, JsonValue } from '../host/json.ts';
import { type GraphService, graphServices, own } from './communication-graph.ts';
import type { Contract } from './contract.ts';
import { declaredMetrics } from './semantic-conventions.ts';

/** Onboarding `instrumentation_hints` (export.md §16): for each service of the graph or of `service_metadata`, what it should emit and with what. */
export function instrumentationHints(contract: Contract, raw: JsonObject, services: JsonObject | undefined): JsonObject | undefined {
  const graph = graphServices(raw);
  const names = sortByCodePoint([...new Set([...graph.keys(), ...Object.keys(services ?? {})])], (name) => name);
  if (names.length === 0) return undefined;
  const declared = manifestDeclared(contract);
  return Object.fromEntries(names.map((name) => [name, hint(name, graph.get(name), own(services, name), declared)]));
}

function hint(name: string, known: GraphService | undefined, metadata: JsonValue | undefined, declared: JsonValue): JsonObject {
  const transport = known?.protocol ?? textOf(own(metadata, 'transport_protocol')) ?? 'http';
  const sdk = known?.language === undefined ? undefined : sdkOf(known.language, transport);
  return {
    service_id: name,
    transport,
    detected_databases: detectDatabases(known?.imports ?? []),
    metrics: { convention_based: transport === 'grpc' ? RPC_METRICS : HTTP_METRICS, manifest_declared: declared, ...(sdk && { sdk }) },
    traces: { required: known ? requiredTraces(name, known) : [], propagation: 'W3C', ...(sdk && { sdk }) },
    logging: { trace_context_fields: [], _note: 'Filled in once the code exists: which log fields carry the trace and span id' },
    dependencies: {
      add: sdk ? [sdk.package, sdk.interceptor, sdk.exporter].map((name) => ({ package: name, version: 'latest_stable' })) : [],
    },
    ...(known?.language !== undefined && { language: known.language }),
  };
}

function manifestDeclared(contract: Contract): JsonValue {
  return [...declaredMetrics(contract.capabilityIndex)].flatMap(([group, names]) =>
    names.map((name) => ({ name, source: `semantic_conventions.metrics:${group}` })),
  );
}

function requiredTraces(name: string, { protocol, rpcCalls }: GraphService): readonly JsonObject[] {
  const source = `service_communication_graph:${name}`;
  if (protocol !== 'grpc')
    return [{ span_name: '{http_method} {http_route}', attributes: ['http.method', 'http.route', 'http.status_code'], source }];
  const attributes = ['rpc.system', 'rpc.service', 'rpc.method'];
  return [
    { span_name: '{grpc_service}/{grpc_method}', attributes, source },
    ...rpcCalls.map((call) => ({
      span_name: `${textOf(own(call, 'target_service')) ?? 'unknown'}/${textOf(own(call, 'method')) ?? 'unknown'}`,
      attributes,
      source: `${source}:rpc_call`,
    })),
  ];
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function detectDatabases(imports: readonly string[]): readonly string[] {
  return [...new Set(imports.flatMap((name) => DATABASES.filter(([keyword]) => name.includes(keyword)).map(([, database]) => database)))];
}

function sdkOf(language: string, transport: string) {
  const sdk = SDKS.get(language);
  return sdk && { package: sdk.package, interceptor: transport === 'grpc' ? sdk.grpc : sdk.http, exporter: sdk.exporter };
}

const RPC_METRICS = histograms('otel_semconv:grpc', [
  'rpc.server.duration',
  'rpc.server.request.size',
  'rpc.server.response.size',
  'rpc.server.requests_per_rpc',
]);

const HTTP_METRICS = histograms('otel_semconv:http', [
  'http.server.duration',
  'http.server.request.body.size',
  'http.server.response.body.size',
]);

function histograms(source: string, names: readonly string[]): JsonValue {
  return names.map((name) => ({ name, type: 'histogram', source }));
}

const SDKS: ReadonlyMap<string, { readonly package: string; readonly exporter: string; readonly grpc: string; readonly http: string }> =
  new Map([
    [
      'python',
      {
        package: 'opentelemetry-sdk',
        exporter: 'opentelemetry-exporter-otlp',
        grpc: 'opentelemetry-instrumentation-grpc',
        http: 'opentelemetry-instrumentation-flask',
      },
    ],
    [
      'java',
      {
        package: 'io.opentelemetry:opentelemetry-sdk',
        exporter: 'io.opentelemetry:opentelemetry-exporter-otlp',
        grpc: 'io.grpc:grpc-opentelemetry',
        http: 'io.opentelemetry.instrumentation:opentelemetry-spring-boot-starter',
      },
    ],
    [
      'go',
      {
        package: 'go.opentelemetry.io/otel',
        exporter: 'go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc',
        grpc: 'go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc',
        http: 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp',
      },
    ],
    [
      'nodejs',
      {
        package: '@opentelemetry/sdk-node',
        exporter: '@opentelemetry/exporter-trace-otlp-grpc',
        grpc: '@opentelemetry/instrumentation-grpc',
        http: '@opentelemetry/instrumentation-http',
      },
    ],
    [
      'dotnet',
      {
        package: 'OpenTelemetry',
        exporter: 'OpenTelemetry.Exporter.OpenTelemetryProtocol',
        grpc: 'OpenTelemetry.Instrumentation.GrpcNetClient',
        http: 'OpenTelemetry.Instrumentation.AspNetCore',
      },
    ],
  ]);

const DATABASES: readonly (readonly [string, string])[] = [
  ['Npgsql', 'postgresql'],
  ['psycopg2', 'postgresql'],
  ['asyncpg', 'postgresql'],
  ['pg', 'postgresql'],
  ['postgres', 'postgresql'],
  ['AlloyDB', 'postgresql'],
  ['Spanner', 'spanner'],
  ['SpannerConnection', 'spanner'],
  ['MySql', 'mysql'],
  ['mysql', 'mysql'],
  ['pymysql', 'mysql'],
  ['Redis', 'redis'],
  ['StackExchange.Redis', 'redis'],
  ['redis', 'redis'],
  ['Sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['System.Data.SQLite', 'sqlite'],
];
