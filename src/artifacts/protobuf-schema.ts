import { defineArtifactType } from '../contract/artifact-type.ts';

export const protobufSchema = defineArtifactType({
  type: 'protobuf_schema',
  group: 'source',
  output: {
    ext: '.proto',
    path: 'proto/{target}.proto',
    description: 'Protocol Buffers service schema',
    schemaUrl: 'https://protobuf.dev/programming-guides/proto3/',
    examplePath: 'proto/checkout.proto',
    exampleSnippet: `syntax = "proto3";
package checkout.v1;

service Checkout {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse);
}`,
  },
  parameters: [
    { key: 'package', source: 'manifest.spec.targets + service_metadata.schema_contract' },
    { key: 'services', source: 'manifest.spec.targets + service_metadata.schema_contract' },
    { key: 'rpcs', source: 'manifest.spec.targets + service_metadata.schema_contract' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['syntax', 'package', 'service', 'rpc'],
    redFlag: 'Planned as brief: a service without its messages compiles for no client',
    editMinPct: 75,
  },
});
