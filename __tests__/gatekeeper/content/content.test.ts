import { describe, expect, test } from '@jest/globals';
import { checkImports } from '../../../src/gatekeeper/content/imports.ts';
import { checkPlaceholders } from '../../../src/gatekeeper/content/placeholders.ts';
import { protoFields } from '../../../src/gatekeeper/content/proto-fields.ts';
import { checkProtocol } from '../../../src/gatekeeper/content/protocol.ts';
import { importedModules } from '../../../src/gatekeeper/content/python-modules.ts';
import { checkSchemaFields } from '../../../src/gatekeeper/content/schema-fields.ts';
import type { SourceTree } from '../../../src/gatekeeper/content/source-tree.ts';
import { verifyContent } from '../../../src/gatekeeper/content/verify-content.ts';
import type { GateResult } from '../../../src/gatekeeper/gate.ts';

const occasion = { gateId: 'g', taskId: 'T-1', checkedAt: '2026-01-15T09:30:00.000Z' };
const tree = (files: Readonly<Record<string, string>>): SourceTree => ({
  state: 'read',
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
  unread: [],
});
const absent: SourceTree = { state: 'absent', dir: 'src' };
const seen = ({ outcome, severity, evidence }: GateResult) => [outcome, severity, evidence.map(({ type, ref }) => `${type} ${ref}`)];

describe('placeholders', () => {
  const found = (line: string, path = 'a.py') =>
    checkPlaceholders(tree({ [path]: line }), occasion).evidence.filter(({ finding }) => finding).length;

  test.each([
    'key = REPLACE_WITH_KEY',
    '# todo: write',
    '// FIXME: later',
    'token = "PLACEHOLDER"',
    '# placeholder for the address',
    'insert_here',
    'XXX',
    'x = placeholder',
  ])('finds %j', (line) => {
    expect(found(line)).toBe(1);
  });

  test.each(['TODO without a colon', 'xxx', 'TODOS: 3', 'replaced_with_key', 'myplaceholder'])('passes over %j', (line) => {
    expect(found(line)).toBe(0);
  });

  test.each([
    '<input placeholder="Your name">',
    "placeholder='Your name'",
    '<Input placeholder={text} />',
    'el.placeholder = text',
    '<input [placeholder]="text">',
    '<input :placeholder="text">',
    'const css = "::placeholder { color: red }"',
    'interface Props { placeholder?: string }',
    'type Props = { placeholder: string }',
    'el.setAttribute("placeholder", text)',
    '{ "placeholder": text }',
    'input:placeholder-shown {}',
  ])('takes the name in %j for no left-over', (line) => {
    expect(found(line, 'a.ts')).toBe(0);
  });

  test('finds what stands beside the name', () => {
    expect(found('<input placeholder="PLACEHOLDER">', 'a.js')).toBe(1);
  });

  test('counts each pattern once a line, with file and line', () => {
    const result = checkPlaceholders(tree({ 'a.py': 'ok\n# TODO: TODO: FIXME: x\r\n', 'b.md': 'TODO: not a source' }), occasion);
    expect(seen(result)).toEqual(['fail', 'error', ['placeholder_found a.py:2', 'placeholder_found a.py:2']]);
    expect(result).toMatchObject({ gateId: 'g', blocking: true, phase: 'FINALIZE_VERIFY' });
    expect(result.evidence[0]?.at).toEqual([{ file: 'generated', name: 'a.py', path: ':2' }]);
  });

  test('looks for further patterns, and tells one that is none', () => {
    expect(seen(checkPlaceholders(tree({ 'a.go': 'lorem Ipsum' }), occasion, ['ipsum']))).toEqual([
      'fail',
      'error',
      ['placeholder_found a.go:1'],
    ]);
    expect(seen(checkPlaceholders(tree({ 'a.go': '' }), occasion, ['(']))).toEqual([
      'pass',
      'warning',
      ['placeholder_clean all', 'invalid_pattern ('],
    ]);
  });

  test('shows twenty findings and tells how many there are', () => {
    const result = checkPlaceholders(tree({ 'a.py': 'TODO: x\n'.repeat(33) }), occasion);
    expect(result.evidence).toHaveLength(20);
    expect(result.reason).toContain('33');
  });

  test('fails without blocking when the caller has it so', () => {
    expect(checkPlaceholders(tree({ 'a.py': 'TODO: x' }), { ...occasion, blocking: false })).toMatchObject({
      outcome: 'fail',
      severity: 'error',
      blocking: false,
    });
  });
});

describe('fields of a schema', () => {
  test('are read from maps, dotted types, and a oneof in one line', () => {
    const proto = `syntax = "proto3"; // string fake_one = 1;
option java_package = "x"; option (custom) = { a: 1 };
message Order {
  /* string fake_two = 2; */ string order_id = 1;
  repeated .shop.v1.Item line_items = 2 [packed = true, (opt).x = 5];
  map<string, shop.v1.Price> prices = 3;
  oneof pay { Card card_no = 4; string voucher = 0x5; }
  enum State { NEW = 0; DONE = 1; }
  reserved 9; reserved "gone";
  message Inner { optional bytes raw_data = 1; }
}
service S { rpc Get(Order) returns (Order); }`;
    expect(protoFields(proto)).toEqual(['order_id', 'line_items', 'prices', 'card_no', 'voucher', 'raw_data']);
  });

  const proto = 'message Cart { string user_id = 1; repeated Item items = 2; string id = 3; map<string, int32> stock_levels = 4; }';
  const judge = (source: string, path = 'a.py') =>
    checkSchemaFields(tree({ 'p/cart.proto': proto, [path]: source }), 'p/cart.proto', occasion);

  test.each([
    ['cart.userId', ['schema_field_mismatch a.py']],
    ['cart.stockLevels', ['schema_field_mismatch a.py']],
    ['cart.item', ['schema_field_mismatch a.py']],
    ['cart["item"]', ['schema_field_mismatch a.py']],
    ['Cart(item=[])', ['schema_field_mismatch a.py']],
    ['cart.user_ids', ['schema_field_mismatch a.py']],
  ])('are named otherwise in %j', (source, evidence) => {
    expect(seen(judge(source))).toEqual(['fail', 'error', evidence]);
  });

  test.each([
    'for item in basket:',
    'item = 3',
    'ids = []',
    'cart.id',
    'cart.item()',
    'cart.user_id; userId = 3',
    'for item in cart.items: cart.item',
    '# every item counts',
  ])('are not taken for the ordinary words in %j', (source) => {
    expect(seen(judge(source))).toEqual(['pass', 'info', ['schema_fields_verified p/cart.proto']]);
  });

  test('are not compared with a schema that is not there, nor with one without fields', () => {
    expect(seen(checkSchemaFields(tree({ 'a.py': 'x.userId' }), 'none.proto', occasion))).toEqual([
      'pass',
      'warning',
      ['proto_not_found none.proto'],
    ]);
    expect(seen(checkSchemaFields(tree({ 'e.proto': 'syntax = "proto3";' }), 'e.proto', occasion))).toEqual(['pass', 'info', []]);
  });
});

describe('imports', () => {
  test('are read from statements, not from prose', () => {
    const text = `"""
import the module
from prose import nothing
"""
import os, sys as system
    import grpc.aio
from google.cloud import storage # comment
from . import sibling
from .pkg import x
import flask; import_this = 1
important = 2
import one two
`;
    expect([...importedModules(text)]).toEqual(['os', 'sys', 'grpc', 'google', 'flask']);
  });

  const requirements = `# pinned
-r base.txt
grpcio==1.62.0
Flask[async]>=2 ; python_version > "3"
PyYAML~=6.0
google-cloud-storage
my.own_Package @ https://example.com/x.whl
opentelemetry-exporter-otlp
`;
  const sources = {
    'app/main.py':
      'import os\nimport grpc\nfrom flask import Flask\nimport yaml\nfrom google.cloud import storage\nimport my_own_package\nfrom opentelemetry import trace\nfrom helper import x\nimport app.other\nimport demo_pb2\n',
    'app/helper.py': '',
    'gen/demo_pb2.py': '',
  };

  test('are consistent with a list that declares them', () => {
    expect(seen(checkImports(tree({ ...sources, 'requirements.txt': requirements }), 'requirements.txt', occasion))).toEqual([
      'pass',
      'info',
      ['imports_consistent requirements.txt'],
    ]);
  });

  test('are told by package where they are not declared', () => {
    const files = { ...sources, 'app/z.py': 'import requests\nimport attr\n', 'requirements.in': requirements };
    const result = checkImports(tree(files), 'requirements.in', occasion);
    expect(seen(result)).toEqual(['fail', 'error', ['missing_dependency attr', 'missing_dependency requests']]);
    expect(result.evidence[0]?.description).toContain('app/z.py');
  });

  test('have the missing list for evidence, not each package', () => {
    expect(seen(checkImports(tree(sources), 'requirements.txt', occasion))).toEqual([
      'fail',
      'error',
      ['dependency_manifest_not_found requirements.txt'],
    ]);
    expect(seen(checkImports(tree({ 'a.py': 'import os' }), 'requirements.txt', occasion))).toEqual([
      'pass',
      'warning',
      ['dependency_manifest_not_found requirements.txt'],
    ]);
  });

  test.each(['go.mod', 'package.json', 'Pipfile'])('are not judged by %s, and that is no pass', (manifest) => {
    expect(seen(checkImports(tree({ [manifest]: '', 'a.py': 'import x' }), manifest, occasion))).toEqual(['skipped', 'info', []]);
  });
});

describe('protocol', () => {
  const judge = (protocol: string, files: Readonly<Record<string, string>>) => seen(checkProtocol(tree(files), protocol, occasion));

  test.each([
    ['http', 'RUN wget grpc_health_probe', 'Dockerfile.prod'],
    ['http', 'channel = grpc.insecure_channel("x")', 'a.py'],
    ['http', 'demo_pb2_grpc.add_CartServicer_to_server(s)', 'a.py'],
    ['http', 'stub = demo_pb2_grpc.CartStub(channel)', 'a.py'],
    ['grpc', 'import urllib.request', 'a.py'],
    ['grpc', 'requests.get(url)', 'a.py'],
    ['grpc-web', 'await fetch(url)', 'a.ts'],
    ['grpc', 'import "net/http"', 'a.go'],
  ])('%s contradicts %j', (protocol, text, path) => {
    expect(judge(protocol, { [path]: text })).toEqual(['fail', 'error', [`protocol_mismatch ${path}`]]);
  });

  test.each([
    ['http', 'requests.get(url)', 'a.py'],
    ['grpc', 'grpc.secure_channel(x)', 'a.py'],
    ['grpc', 'prefetch(x); requests = []', 'a.py'],
    ['http', 'grpc_health_probe', 'notes.md'],
  ])('%s is at one with %j', (protocol, text, path) => {
    expect(judge(protocol, { [path]: text })).toEqual(['pass', 'info', ['protocol_coherent all']]);
  });

  test('gives one piece of evidence for each sign', () => {
    expect(judge('grpc', { 'a.py': 'import httpx\nimport aiohttp\nhttpx.get()\n' })[2]).toHaveLength(3);
  });

  test('is not judged when it is none of those known, and that is no pass', () => {
    expect(judge('amqp', { 'a.py': 'fetch(x)' })).toEqual(['skipped', 'info', []]);
  });
});

describe('verifyContent', () => {
  const expected = { proto: 'a.proto', dependencies: 'requirements.txt', protocol: 'grpc', placeholders: { extraPatterns: [] } };

  test('asks what it is given to ask, under the usual ids, and sums up', () => {
    const { results, summary } = verifyContent(tree({ 'a.py': 'fetch(x) # TODO: y' }), expected, {
      taskId: 'T',
      checkedAt: occasion.checkedAt,
    });
    expect(summary).toEqual({
      total_gates: 4,
      passed: 2,
      failed: 2,
      skipped: 0,
      blocking_failures: 2,
      all_passed: false,
      gate_ids: ['content-verify-placeholders', 'content-verify-schema-fields', 'content-verify-imports', 'content-verify-protocol'],
    });
    expect(results.map(({ gate }) => gate)).toEqual(summary.gate_ids);
    expect(verifyContent(tree({}), {}, { taskId: 'T', checkedAt: occasion.checkedAt }).results).toHaveLength(1);
  });

  test('skips everything where there is no directory of sources, and never passes', () => {
    const { results, summary } = verifyContent(absent, expected, { taskId: 'T', checkedAt: occasion.checkedAt });
    expect(results.map(({ outcome, skipCode }) => [outcome, skipCode])).toEqual(
      Array.from({ length: 4 }, () => ['skipped', 'input_absent']),
    );
    expect(summary).toMatchObject({ passed: 0, failed: 0, skipped: 4 });
  });

  test('tells files that nobody could read', () => {
    const partly: SourceTree = { state: 'read', files: [], unread: [{ path: 'a.py', why: 'it is not UTF-8 text' }] };
    expect(seen(checkPlaceholders(partly, occasion))).toEqual(['pass', 'warning', ['placeholder_clean all', 'file_unread a.py']]);
  });
});
