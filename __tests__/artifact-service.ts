import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inflateRawSync } from 'node:zlib';

/** GitHub's artifact service, version 4, as far as an upload goes (spec: github.md §3.4): Twirp in JSON, and Azure's block blobs. */
export interface ArtifactService extends AsyncDisposable {
  /** The variables by which a JavaScript action finds it. */
  readonly env: Readonly<Record<string, string>>;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
}

export interface Artifact {
  readonly created: Readonly<Record<string, unknown>>;
  readonly finalized?: Readonly<Record<string, unknown>>;
  readonly zip?: Buffer;
}

export interface ArtifactServiceOptions {
  /** Names that this run has already. */
  readonly taken?: readonly string[];
  /** Answers every call with this status instead. */
  readonly refuses?: number;
}

export async function startArtifactService({ taken = [], refuses }: ArtifactServiceOptions = {}): Promise<ArtifactService> {
  const artifacts = new Map<string, Artifact>(taken.map((name) => [name, { created: {} }]));
  const blocks = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', origin());
    requests.push(`${request.method} ${url.pathname}`);
    const body = await bytes(request);
    if (refuses !== undefined) return answer(response, refuses, { code: 'internal', msg: 'refused by the test' });
    if (url.pathname.startsWith('/blob/')) return blob(url, body, response);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(response, 401, { code: 'unauthenticated', msg: 'no token' });
    const call = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const name = String(call['name']);
    if (url.pathname.endsWith('/CreateArtifact')) {
      if (artifacts.has(name))
        return answer(response, 409, { code: 'already_exists', msg: `an artifact with this name already exists on the workflow run` });
      artifacts.set(name, { created: call });
      return answer(response, 200, {
        ok: true,
        signed_upload_url: `${origin()}/blob/container/${encodeURIComponent(name)}?sig=c2lnbmF0dXJlLW9mLXRoZS10ZXN0`,
      });
    }
    if (url.pathname.endsWith('/FinalizeArtifact')) {
      artifacts.set(name, { ...artifacts.get(name)!, finalized: call });
      return answer(response, 200, { ok: true, artifact_id: '4711' });
    }
    return answer(response, 404, { code: 'bad_route', msg: url.pathname });
  });
  const blob = (url: URL, body: Buffer, response: ServerResponse) => {
    const name = decodeURIComponent(url.pathname.split('/').at(-1)!);
    if (url.searchParams.get('comp') === 'block') blocks.set(`${name} ${url.searchParams.get('blockid')}`, body);
    else {
      const ids = [...body.toString('utf8').matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id]) => id);
      artifacts.set(name, { ...artifacts.get(name)!, zip: Buffer.concat(ids.map((id) => blocks.get(`${name} ${id}`)!)) });
    }
    response.writeHead(201, { 'x-ms-request-id': '1', 'x-ms-version': '2024-11-04' }).end();
  };
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    env: { ACTIONS_RESULTS_URL: `${origin()}/`, ACTIONS_RUNTIME_TOKEN: TOKEN },
    artifacts,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Names and contents of a zip archive, by its central directory. */
export function unzip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [size, name, extra, comment, local] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    files.set(zip.toString('utf8', at + 46, at + 46 + name), zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data);
    at += 46 + name + extra + comment;
  }
  return files;
}

/** The digest that an upload states of its archive. */
export function digestOf(zip: Buffer): string {
  return `sha256:${createHash('sha256').update(zip).digest('hex')}`;
}

const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run-backend:job-backend', exp: 4102444800 })).toString('base64url');
const TOKEN = `eyJhbGciOiJub25lIn0.${claims}.c2lnbmF0dXJl`;

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
