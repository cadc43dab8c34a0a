import type { Deadline } from '../host/deadline.ts';
import { type Channel, openChannel } from '../host/otlp-http.ts';
import { readTlsFiles } from '../host/tls-files.ts';
import type { World } from '../host/world.ts';
import { type Endpoint, isForbiddenAddress } from './endpoint.ts';
import { type Judgement, judgeAnswer, judgeNoAnswer, type ReadProtobuf } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';
import { otlpMetricsToProtobuf } from './otlp-metrics-protobuf.ts';
import { otlpJsonToProtobuf } from './otlp-protobuf.ts';
import { LANES } from './sender.ts';

export type ReadyEndpoint = Extract<Endpoint, { state: 'ready' }>;

/** Carries one request to the receiver and says what became of it. Never throws. */
export interface Carrier {
  readonly carry: (line: OtlpLine) => Promise<Judgement>;
  readonly close: () => void;
}

/** Bodies below this many bytes are not worth compressing. */
const GZIP_FROM = 4_096;

/**
 * OpenTelemetry's exporter with our judgement in it: its export delegate drives our serializer (the spool's own line, or the same in protobuf) and our
 * transport. The packages load here and nowhere earlier, so a run that only spools never pays for them.
 * @throws when a certificate file of the environment cannot be read.
 */
export async function openCarrier(endpoint: ReadyEndpoint, world: World, deadline: Deadline): Promise<Carrier> {
  const [{ createOtlpNetworkExportDelegate, ExporterMetrics }, tls] = await Promise.all([
    import('@opentelemetry/otlp-exporter-base'),
    readTlsFiles(world.root, endpoint.tls),
  ]);
  const { url, headers, requestTimeout } = endpoint;
  const channel = openChannel({ url, headers, lanes: LANES, env: world.env, tls, isForbidden: isForbiddenAddress });
  const sizes = new WeakMap<Uint8Array, number>();
  const delegate = createOtlpNetworkExportDelegate<OtlpLine, unknown>(
    { timeoutMillis: requestTimeout, concurrencyLimit: LANES, compression: 'none' },
    { serializeRequest: (line) => serialize(line, endpoint, sizes), deserializeResponse: () => undefined },
    new ExporterMetrics({
      componentType: endpoint.signal === 'metrics' ? 'otlp_http_metric_exporter' : 'otlp_http_span_exporter',
      metricsHelper: { name: endpoint.signal === 'metrics' ? 'metric_data_point' : 'span', countItems: (line: OtlpLine) => line.spans },
      url: url.href,
      meterProvider: undefined,
      responseAttributesFromError: () => ({}),
    }),
    {
      send: async (body, timeout) => {
        const judgement = await post(channel, endpoint, body, sizes.get(body) ?? 0, timeout, deadline, world);
        return judgement.kind === 'accepted' && !judgement.reason
          ? { status: 'success' }
          : { status: 'failure', error: new Judged(judgement) };
      },
      shutdown: () => channel.close(),
    },
  );
  return {
    carry: (line) =>
      new Promise<Judgement>((settle) => delegate.export(line, ({ error }) => settle(judgementOf(error)))).catch(judgementOf),
    close: channel.close,
  };
}

/** The transport's answer, in the only wrapping that a delegate hands on whole. */
class Judged extends Error {
  readonly judgement: Judgement;

  constructor(judgement: Judgement) {
    super(judgement.reason ?? judgement.kind);
    this.judgement = judgement;
  }
}

function judgementOf(error: Error | undefined): Judgement {
  if (!error) return { kind: 'accepted', rejected: 0 };
  if (error instanceof Judged) return error.judgement;
  return { kind: 'kept', always: false, reason: `was not asked: ${error.message}` };
}

function serialize(line: OtlpLine, endpoint: ReadyEndpoint, sizes: WeakMap<Uint8Array, number>): Uint8Array {
  const body = endpoint.protocol === 'http/json' ? line.body : toProtobuf(line, endpoint);
  sizes.set(body, line.spans);
  return body;
}

function toProtobuf({ body, protobuf }: OtlpLine, { signal }: ReadyEndpoint): Uint8Array {
  if (protobuf) return protobuf;
  return signal === 'metrics' ? otlpMetricsToProtobuf(body) : otlpJsonToProtobuf(body);
}

async function post(
  channel: Channel,
  endpoint: ReadyEndpoint,
  body: Uint8Array,
  spans: number,
  timeout: number,
  deadline: Deadline,
  world: World,
): Promise<Judgement> {
  const outcome = await channel.post(body, {
    contentType: endpoint.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    gzip: endpoint.gzip && body.byteLength >= GZIP_FROM,
    timeout,
    signal: deadline.signal,
  });
  if ('failure' in outcome) return judgeNoAnswer(outcome.failure, endpoint.url.port);
  const { answer } = outcome;
  return judgeAnswer(answer, spans, world.clock.now(), await protobufReader(answer.contentType, endpoint), endpoint.signal);
}

/** OpenTelemetry's own deserializer, for a receiver that answers in protobuf; it loads with the first such answer. */
async function protobufReader(contentType: string, { signal }: ReadyEndpoint): Promise<ReadProtobuf> {
  if (!contentType.includes('protobuf')) return () => ({});
  const { ProtobufMetricsSerializer, ProtobufTraceSerializer } = await import('@opentelemetry/otlp-transformer');
  const serializer = signal === 'metrics' ? ProtobufMetricsSerializer : ProtobufTraceSerializer;
  return (body) => serializer.deserializeResponse(body);
}
