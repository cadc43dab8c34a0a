import { describe, expect, test } from '@jest/globals';
import type { Profile } from '../../src/contract/contract.ts';
import { instrumentationHints, resolveServices, serviceCommunicationGraph, serviceMetadataFaults } from '../../src/contract/sections.ts';
import type { JsonObject } from '../../src/host/json.ts';
import { CHECKOUT, contractOf } from './manifests.ts';

const HTTP = { transport_protocol: 'http', healthcheck_type: 'http_get' };
const GRPC = { transport_protocol: 'grpc', healthcheck_type: 'grpc_health_probe' };

function graphOf(services: JsonObject): JsonObject {
  return { spec: { service_communication_graph: { services } } };
}

function servicesOf(profile: Profile, sources: Partial<Parameters<typeof resolveServices>[1]> = {}) {
  return resolveServices(contractOf(CHECKOUT, { profile }), { raw: {}, ...sources });
}

describe('services', () => {
  test('are the targets, assumed to answer over HTTP; the project is none', () => {
    expect(servicesOf('full').services).toEqual({ cart_db: HTTP, 'checkout-api': HTTP });
    expect(servicesOf('source')).toEqual({});
  });

  test('include the project’s name when a target has it', () => {
    const contract = contractOf({ targets: [{ kind: 'Deployment', name: 'm' }] }, { profile: 'source' });
    expect(resolveServices(contract, { raw: {} }).services).toEqual({ m: HTTP });
  });

  test('are taken as the user gave them, nothing assumed beside', () => {
    const serviceMetadata = { x: { port: 1 } };
    expect(servicesOf('full', { serviceMetadata }).services).toEqual(serviceMetadata);
    expect(servicesOf('full', { serviceMetadata: {} })).toEqual({});
  });

  test('come from the graph too under profile source, which goes before what was given', () => {
    const raw = graphOf({ a: { protocol: 'grpc', imports: ['pg'], rpc_calls: [{ target_service: 'b', method: 'M' }] }, b: {} });
    expect(servicesOf('source', { raw, serviceMetadata: { a: { transport_protocol: 'http', port: 1 } } }).services).toEqual({
      a: { ...GRPC, port: 1, imports: ['pg'], rpc_dependencies: [{ target_service: 'b', method: 'M' }] },
      b: HTTP,
    });
    expect(servicesOf('full', { raw }).services).toEqual({ cart_db: HTTP, 'checkout-api': HTTP });
  });

  test('gain what an earlier source export knew under profile observability, keys in place untouched', () => {
    const service_metadata = { 'checkout-api': { transport_protocol: 'grpc', imports: ['pg'] }, fx: { transport_protocol: 'grpc' } };
    const prior = { generation_profile: 'source', project_id: 'checkout', schema_version: '1.1.0', service_metadata };
    expect(servicesOf('observability', { prior })).toEqual({
      services: { cart_db: HTTP, 'checkout-api': { ...HTTP, imports: ['pg'] }, fx: { transport_protocol: 'grpc' } },
      enrichedFrom: { profile: 'source', project_id: 'checkout', schema_version: '1.1.0' },
    });
    const silent = { ...prior, service_metadata: undefined };
    expect(servicesOf('observability', { prior: silent }).enrichedFrom).toMatchObject({ profile: 'source' });
    expect(servicesOf('full', { prior }).enrichedFrom).toBeUndefined();
    expect(servicesOf('observability', { prior: { ...prior, generation_profile: 'full' } }).enrichedFrom).toBeUndefined();
    expect(servicesOf('observability', { prior: ['no object'] }).enrichedFrom).toBeUndefined();
  });

  test('speak the graph’s protocol rather than the assumed one under profile observability', () => {
    const raw = graphOf({ 'checkout-api': { protocol: 'grpc', imports: ['pg'] } });
    expect(servicesOf('observability', { raw }).services).toEqual({ cart_db: HTTP, 'checkout-api': GRPC });
    const serviceMetadata = { 'checkout-api': { transport_protocol: 'http' } };
    expect(servicesOf('observability', { raw, serviceMetadata }).services).toEqual(serviceMetadata);
  });

  test('may have any name', () => {
    const raw = graphOf(JSON.parse('{"__proto__": {"protocol": "grpc"}, "constructor": {}}'));
    const { services = {} } = servicesOf('source', { raw });
    expect(Object.entries(services)).toEqual([
      ['__proto__', GRPC],
      ['constructor', HTTP],
    ]);
    expect(Object.keys(instrumentationHints(contractOf(), raw, services) ?? {})).toEqual(['__proto__', 'constructor']);
  });
});

test('service metadata whose entries are no objects is told entry by entry', () => {
  expect(serviceMetadataFaults({ a: {}, b: [], c: 'http', d: null })).toEqual([
    expect.stringContaining('"b" is a list'),
    expect.stringContaining('"c" is a string'),
    expect.stringContaining('"d" is empty'),
  ]);
});

test.each([[{}], [{ spec: {} }], [{ spec: { service_communication_graph: {} } }], [{ spec: { service_communication_graph: [1] } }]])(
  'there is no graph in %j',
  (raw) => {
    expect(serviceCommunicationGraph(raw)).toBeUndefined();
    expect(instrumentationHints(contractOf(), raw, undefined)).toBeUndefined();
  },
);

describe('instrumentation hints', () => {
  const raw = graphOf({
    ledger: {
      protocol: 'grpc',
      language: 'go',
      imports: ['demo_pb2', 'Redis', 'github.com/jackc/pgx', 'redis/v9'],
      rpc_calls: [{ target_service: 'cart', method: 'GetCart' }, { target_service: 'audit' }, 'no object'],
    },
    portal: { protocol: 'tcp', language: 'rust', imports: 'no list' },
    odd: 'no mapping',
  });
  const hints = instrumentationHints(contractOf(), raw, { Zeta: { transport_protocol: 'grpc' }, svc: HTTP }) ?? {};

  test('stand in code-point order, for the graph and the metadata alike', () => {
    expect(Object.keys(hints)).toEqual(['Zeta', 'ledger', 'odd', 'portal', 'svc']);
  });

  test('of a gRPC service in a known language are complete', () => {
    const sdk = {
      package: 'go.opentelemetry.io/otel',
      interceptor: 'go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc',
      exporter: 'go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc',
    };
    expect(hints['ledger']).toMatchObject({
      service_id: 'ledger',
      transport: 'grpc',
      detected_databases: ['redis', 'postgresql'],
      metrics: { sdk },
      traces: { propagation: 'W3C', sdk },
      language: 'go',
    });
    const { metrics, traces, dependencies } = hints['ledger'] as { metrics: JsonObject; traces: JsonObject; dependencies: JsonObject };
    expect(metrics['convention_based']).toHaveLength(4);
    expect(metrics['manifest_declared']).toHaveLength(10);
    expect(traces['required']).toMatchObject([
      { span_name: '{grpc_service}/{grpc_method}', source: 'service_communication_graph:ledger' },
      { span_name: 'cart/GetCart', source: 'service_communication_graph:ledger:rpc_call' },
      { span_name: 'audit/unknown', source: 'service_communication_graph:ledger:rpc_call' },
    ]);
    expect(dependencies['add']).toEqual(
      [sdk.package, sdk.interceptor, sdk.exporter].map((name) => ({ package: name, version: 'latest_stable' })),
    );
  });

  test('of another protocol and an unknown language fall back on HTTP and name no package', () => {
    expect(hints['portal']).toMatchObject({ transport: 'tcp', dependencies: { add: [] }, language: 'rust' });
    expect(hints['portal']).not.toHaveProperty('metrics.sdk');
    expect(hints['portal']).toMatchObject({ traces: { required: [{ span_name: '{http_method} {http_route}' }] } });
  });

  test('of a service outside the graph ask for no span, and take its protocol from the metadata', () => {
    expect(hints['Zeta']).toMatchObject({ transport: 'grpc', traces: { required: [] } });
    expect(hints['svc']).toMatchObject({ transport: 'http', detected_databases: [] });
    expect(hints['svc']).not.toHaveProperty('language');
  });
});
