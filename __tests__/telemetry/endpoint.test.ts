import { describe, expect, test } from '@jest/globals';
import { type EndpointSettings, isForbiddenAddress, judgeEndpoint } from '../../src/telemetry/endpoint.ts';

function judge(settings: Partial<EndpointSettings>, env: Record<string, string> = {}) {
  return judgeEndpoint({ fromEnvironment: true, ...settings }, env);
}

describe('the address', () => {
  test.each([
    ['the input, completed', { endpoint: ' http://collector:4318 ' }, {}, 'http://collector:4318/v1/traces'],
    ['the input with a slash', { endpoint: 'http://c:4318/otlp/' }, {}, 'http://c:4318/otlp/v1/traces'],
    ['the input as it is when complete', { endpoint: 'https://c/v1/traces?t=1' }, {}, 'https://c/v1/traces?t=1'],
    [
      'the input before the environment',
      { endpoint: 'http://a' },
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b' },
      'http://a/v1/traces',
    ],
    [
      'the variable for traces as it is',
      {},
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b?x=1', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      'http://b/?x=1',
    ],
    ['the general variable, completed', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
    ['the general variable with a slash', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    [
      'the general variable where the one for traces is empty',
      {},
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ' ', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      'http://c/v1/traces',
    ],
    ['the general variable that is complete', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c/v1/traces' }, 'http://c/v1/traces'],
  ])('is %s', (_, settings, env, url) => {
    expect(judge(settings, env)).toMatchObject({ state: 'ready', url: new URL(url) });
  });

  test.each([
    ['nothing set', {}, {}],
    ['an empty input', { endpoint: '  ' }, {}],
    ['empty variables', {}, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '', OTEL_EXPORTER_OTLP_ENDPOINT: '  ' }],
    ['an environment nobody asked for', { fromEnvironment: false }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }],
  ])('is absent with %s', (_, settings, env) => {
    expect(judge(settings, env).state).toBe('absent');
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is "localhost:4318", which has no scheme'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c?token=abc' }, 'OTEL_EXPORTER_OTLP_ENDPOINT has a query string'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'c/v1/traces' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "c/v1/traces", which has no scheme'],
  ])('%j is refused by the name of its variable', (env, why) => {
    const refused = judge({}, env);
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining(why) });
    expect(JSON.stringify(refused)).not.toContain('abc');
  });

  test.each([
    ['localhost:4318', 'no scheme'],
    ['grpc://c:4317', 'only http:// and https://'],
    ['http://', 'no URL'],
    ['http://c?token=abc', 'query string'],
    ['http://169.254.169.254/latest', 'link-local'],
    ['http://2852039166/', 'link-local'],
    ['http://[fe80::1]:4318', 'link-local'],
    ['http://[::ffff:169.254.169.254]', 'link-local'],
    ['http://metadata.google.internal', 'metadata'],
  ])('%s is refused: %s', (endpoint, why) => {
    const refused = judge({ endpoint });
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining(why) });
    expect(JSON.stringify(refused)).not.toContain('abc');
  });

  test.each([
    ['127.0.0.1', false],
    ['10.0.0.1', false],
    ['169.254.0.1', true],
    ['fd00:ec2::254', true],
    ['fd00::1', false],
    ['::1', false],
    ['example.com', false],
  ])('%s is forbidden: %s', (address, forbidden) => {
    expect(isForbiddenAddress(address)).toBe(forbidden);
  });
});

describe('the address for metrics', () => {
  const metrics = (settings: Partial<EndpointSettings>, env: Record<string, string> = {}) => judge({ signal: 'metrics', ...settings }, env);

  test.each([
    ['the input, completed', { endpoint: 'http://c:4318/otlp/' }, {}, 'http://c:4318/otlp/v1/metrics'],
    ['beside the full address of the traces', { endpoint: 'https://c/a/v1/traces?t=1' }, {}, 'https://c/a/v1/metrics?t=1'],
    ['beside it with its slash', { endpoint: 'https://c/v1/traces/' }, {}, 'https://c/v1/metrics/'],
    ['a path that only looks so, completed', { endpoint: 'https://c/v1/traces/x' }, {}, 'https://c/v1/traces/x/v1/metrics'],
    ['the general variable, completed', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, 'http://c/v1/metrics'],
    ['the general variable that is complete', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c/v1/traces' }, 'http://c/v1/metrics'],
    [
      'its own variable as it is',
      {},
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://p/api/v1/otlp/v1/metrics', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      'http://p/api/v1/otlp/v1/metrics',
    ],
    [
      'the input before its own variable',
      { endpoint: 'http://a' },
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b' },
      'http://a/v1/metrics',
    ],
  ])('is %s', (_, settings, env, url) => {
    expect(metrics(settings, env)).toMatchObject({ state: 'ready', signal: 'metrics', url: new URL(url) });
  });

  test('is not that of the traces, and theirs is not this one', () => {
    expect(metrics({}, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/v1/traces' }).state).toBe('absent');
    expect(judge({}, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/v1/metrics' }).state).toBe('absent');
  });

  test('goes with its own headers, protocol, compression and time', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=2',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=3',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '1234',
      OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: 'ca.pem',
    };
    const expected = { headers: { a: '1', b: '2' }, protocol: 'http/protobuf', gzip: false, requestTimeout: 1234, tls: { ca: 'ca.pem' } };
    expect(metrics({}, env)).toMatchObject(expected);
    expect(judge({}, env)).toMatchObject({
      headers: { a: '3', b: '1' },
      protocol: 'http/json',
      gzip: true,
      requestTimeout: 10_000,
      tls: {},
    });
  });

  test('names its own variable where the address cannot be completed', () => {
    expect(metrics({ endpoint: 'http://c?token=abc' })).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'),
    });
  });
});

describe('credentials in clear', () => {
  test.each([
    ['http://collector:4318', true],
    ['http://otel.monitoring.svc.cluster.local:4318', true],
    ['http://10.1.2.3:4318', true],
    ['http://172.20.0.1', true],
    ['http://[::1]:4318', true],
    ['https://api.example.com', true],
    ['http://api.example.com', false],
    ['http://8.8.8.8', false],
    ['http://172.32.0.1', false],
  ])('headers to %s: %s', (endpoint, allowed) => {
    expect(judge({ endpoint, headers: 'authorization=Bearer%20x' }).state).toBe(allowed ? 'ready' : 'refused');
  });

  test('are allowed to a public host only when OTEL_EXPORTER_OTLP_INSECURE says so', () => {
    expect(judge({ endpoint: 'http://api.example.com', headers: 'a=b' }, { OTEL_EXPORTER_OTLP_INSECURE: 'true' }).state).toBe('ready');
    const env = { OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'false', OTEL_EXPORTER_OTLP_INSECURE: 'true' };
    expect(judge({ endpoint: 'http://api.example.com', headers: 'a=b' }, env).state).toBe('refused');
    expect(judge({ endpoint: 'http://user:pass@api.example.com' }).state).toBe('refused');
    expect(judge({ endpoint: 'http://api.example.com' }).state).toBe('ready');
  });

  test('of the URL become a header and leave the address', () => {
    const ready = judge({ endpoint: 'https://user:p%40ss@c' });
    expect(ready).toMatchObject({
      state: 'ready',
      url: new URL('https://c/v1/traces'),
      headers: { authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` },
    });
  });
});

describe('headers', () => {
  test('are merged key by key, the nearer source winning', () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'A=1,B=1,C=1', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=2,c=2' };
    expect(judge({ endpoint: 'http://c', headers: 'c=3%2C4' }, env)).toMatchObject({ headers: { a: '1', b: '2', c: '3,4' } });
  });

  test('of the environment do not go to an endpoint of the input when the environment was not asked', () => {
    expect(judge({ fromEnvironment: false, endpoint: 'http://c' }, { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x' })).toMatchObject({
      headers: {},
    });
  });

  test.each([
    ['no-equals-sign', 'not of the form'],
    ['ok=1,=hidden', 'Entry 2'],
    ['a=x%0d%0aevil: hidden', 'no HTTP header may hold'],
    ['content-type=hidden', 'the sender itself must set'],
  ])('%s is refused without showing the value', (headers, why) => {
    const refused = judge({ endpoint: 'http://c', headers });
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining(why) });
    expect(JSON.stringify(refused)).not.toContain('hidden');
  });
});

describe('protocol, compression and time', () => {
  test.each([
    ['http://localhost:4318', {}, false],
    ['http://[::1]:4318', {}, false],
    ['http://127.0.0.1:4318', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, true],
    ['http://localhost.example', {}, true],
  ])('%s with %j is compressed: %s', (endpoint, env, gzip) => {
    expect(judge({ endpoint }, env)).toMatchObject({ gzip });
  });

  test('are http/json, gzip and ten seconds', () => {
    expect(judge({ endpoint: 'http://c' })).toMatchObject({ protocol: 'http/json', gzip: true, requestTimeout: 10_000, notices: [] });
  });

  test('a grpc protocol that was set for other tools is one notice', () => {
    const ready = judge({ endpoint: 'http://c' }, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(ready).toMatchObject({ protocol: 'http/json', notices: [expect.stringContaining('grpc')] });
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '2500' }, { requestTimeout: 2500, notices: [] }],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, { requestTimeout: 10_000, notices: [expect.stringContaining('10s')] }],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'none' }, { gzip: false }],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, { gzip: true, notices: [expect.stringContaining('zstd')] }],
    [
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { protocol: 'http/protobuf', notices: [] },
    ],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem', OTEL_EXPORTER_OTLP_CLIENT_KEY: 'k.pem' }, { tls: { ca: 'ca.pem', key: 'k.pem' } }],
    [
      { OTEL_EXPORTER_OTLP_TIMEOUT: '0' },
      { requestTimeout: 10_000, notices: [expect.stringContaining('OTEL_EXPORTER_OTLP_TIMEOUT is "0"')] },
    ],
    [{ OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1', OTEL_EXPORTER_OTLP_TIMEOUT: '2' }, { requestTimeout: 1 }],
    [{ OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: ' ', OTEL_EXPORTER_OTLP_TIMEOUT: '2' }, { requestTimeout: 2 }],
    [{ OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'soon' }, { notices: [expect.stringContaining('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is "soon"')] }],
    [{ OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'none', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, { gzip: false }],
    [{ OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: '', OTEL_EXPORTER_OTLP_COMPRESSION: 'none' }, { gzip: false }],
    [
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: '', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
      { protocol: 'http/protobuf', notices: [] },
    ],
    [
      {
        ...{ OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: 'a', OTEL_EXPORTER_OTLP_CERTIFICATE: 'b' },
        ...{ OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: 'c', OTEL_EXPORTER_OTLP_CLIENT_KEY: 'd' },
        ...{ OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: 'e', OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'f' },
      },
      { tls: { ca: 'a', key: 'c', cert: 'e' } },
    ],
  ])('%j', (env, expected) => {
    expect(judge({ endpoint: 'http://c' }, env)).toMatchObject(expected);
  });
});
