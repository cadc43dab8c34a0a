import type { Deadline } from '../host/deadline.ts';
import { type Channel, openChannel, readTlsFiles } from '../host/otlp-http.ts';
import type { World } from '../host/world.ts';
import { type Endpoint, isForbiddenAddress } from './endpoint.ts';
import { type Judgement, judgeAnswer, judgeNoAnswer, type ReadProtobuf } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';
import { otlpJsonToProtobuf } from './otlp-protobuf.ts';

export type ReadyEndpoint = Extract<Endpoint, { state: 'ready' }>;

/** Requests under way at a time; more gains nothing and costs memory (otel.md §4.2). */
export const LANES = 4;

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
  const [{ createOtlpNetworkExportDelegate, ExporterMetrics }, { ProtobufTraceSerializer }, tls] = await Promise.all([
    import('@opentelemetry/otlp-exporter-base'),
    import('@opentelemetry/otlp-transformer'),
    readTlsFiles(world.root, endpoint.tls),
  ]);
  const { url, headers, requestTimeout } = endpoint;
  const channel = openChannel({ url, headers, lanes: LANES, env: world.env, tls, isForbidden: isForbiddenAddress });
  const sizes = new WeakMap<Uint8Array, number>();
  const delegate = createOtlpNetworkExportDelegate<OtlpLine, unknown>(
    { timeoutMillis: requestTimeout, concurrencyLimit: LANES, compression: 'none' },
    { serializeRequest: (line) => serialize(line, endpoint, sizes), deserializeResponse: readProtobuf },
    new ExporterMetrics({
      componentType: 'otlp_http_span_exporter',
      metricsHelper: { name: 'span', countItems: (line: OtlpLine) => line.spans },
      url: url.href,
      meterProvider: undefined,
      responseAttributesFromError: () => ({}),
    }),
    {
      send: async (body, timeout) => {
        const judgement = await post(channel, endpoint, body, sizes.get(body) ?? 0, timeout, deadline, world, readProtobuf);
        return judgement.kind === 'accepted' && !judgement.reason
          ? { status: 'success' }
          : { status: 'failure', error: new Judged(judgement) };
      },
      shutdown: () => channel.close(),
    },
  );
  return {
    carry: (line) => new Promise((settle) => delegate.export(line, ({ error }) => settle(judgementOf(error)))),
    close: channel.close,
  };

  function readProtobuf(body: Uint8Array): ReturnType<ReadProtobuf> {
    return ProtobufTraceSerializer.deserializeResponse(body);
  }
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
  const body = endpoint.protocol === 'http/json' ? line.body : otlpJsonToProtobuf(line.body);
  sizes.set(body, line.spans);
  return body;
}

async function post(
  channel: Channel,
  endpoint: ReadyEndpoint,
  body: Uint8Array,
  spans: number,
  timeout: number,
  deadline: Deadline,
  world: World,
  readProtobuf: ReadProtobuf,
): Promise<Judgement> {
  const outcome = await channel.post(body, {
    contentType: endpoint.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    gzip: endpoint.gzip && body.byteLength >= GZIP_FROM,
    timeout,
    signal: deadline.signal,
  });
  if ('failure' in outcome) return judgeNoAnswer(outcome.failure, endpoint.url.port);
  return judgeAnswer(outcome.answer, spans, world.clock.now(), readProtobuf);
}
