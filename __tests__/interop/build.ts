import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** What became of one toolchain's build. */
export type Built =
  | { readonly state: 'built'; readonly file: string; readonly version: string }
  /** Not this project's fault: the registry refused, or the time was over. */
  | { readonly state: 'left-out'; readonly why: string }
  | { readonly state: 'failed'; readonly why: string };

/** Outside the repository, and kept between runs. */
const CACHE = path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'export-tasks-interop');

export interface Peer {
  readonly name: string;
  /** The package of the command: of our own module, or of the one it requires. */
  readonly command: string;
  /** The modules whose versions matter to a reader. */
  readonly modules: readonly string[];
  /** Build tags, where they leave out what no test needs. */
  readonly tags?: string;
}

/** In the order in which they are built. */
export const PEERS: readonly Peer[] = [
  { name: 'collector', command: '.', modules: ['receiver/otlpreceiver', 'receiver/otlpjsonfilereceiver', 'exporter/fileexporter'] },
  { name: 'tempo', command: 'github.com/grafana/tempo/cmd/tempo', modules: ['grafana/tempo'] },
  { name: 'jaeger', command: 'github.com/jaegertracing/jaeger/cmd/jaeger', modules: ['jaegertracing/jaeger'] },
  {
    name: 'prometheus',
    command: 'github.com/prometheus/prometheus/cmd/prometheus',
    modules: ['prometheus/prometheus'],
    tags: 'remove_all_sd',
  },
  {
    name: 'promtool',
    command: 'github.com/prometheus/prometheus/cmd/promtool',
    modules: ['prometheus/prometheus'],
    tags: 'remove_all_sd',
  },
  { name: 'amtool', command: 'github.com/prometheus/alertmanager/cmd/amtool', modules: ['prometheus/alertmanager'] },
];

/** A peer's binary, from the cache when its sources and the toolchain are the same. go.mod and go.sum pin every module; nothing is resolved anew. */
export async function buildPeer(peer: Peer, milliseconds: number): Promise<Built> {
  const sources = path.join(import.meta.dirname, 'peers', peer.name);
  const key = digest(
    readdirSync(sources)
      .sort()
      .map((name) => readFileSync(path.join(sources, name), 'utf8')),
    (await run(['go', 'env', 'GOVERSION'], sources, 20_000)).out,
  );
  const file = path.join(CACHE, key, peer.name);
  const version = peer.modules.map((module) => `${module.split('/').at(-1)} ${pinned(sources, module)}`).join(', ');
  if (existsSync(file)) return { state: 'built', file, version };
  if (milliseconds <= 0) return { state: 'left-out', why: 'the time for building is over; the next run goes on with what Go has cached' };
  return inFolder(key, async (folder) => {
    cpSync(sources, folder, { recursive: true });
    const tags = peer.tags === undefined ? [] : ['-tags', peer.tags];
    const args = ['go', 'build', '-mod=readonly', '-trimpath', ...tags, '-ldflags', '-s -w', '-o', peer.name, peer.command];
    const { code, err } = await run(args, folder, milliseconds, { CGO_ENABLED: '0' });
    return code === 0 ? { state: 'built', file, version } : judge(code, err);
  });
}

/** The packages of requirements.txt in an environment of their own. */
export async function buildPython(milliseconds: number): Promise<Built> {
  const sources = path.join(import.meta.dirname, 'peers/python');
  const requirements = readFileSync(path.join(sources, 'requirements.txt'), 'utf8');
  const key = digest([requirements], (await run(['python3', '--version'], sources, 20_000)).out);
  const [home, version] = [path.join(CACHE, key), requirements.trim().replaceAll('==', ' ').replaceAll('\n', ', ')];
  const file = path.join(home, 'bin/python');
  if (existsSync(path.join(home, 'complete'))) return { state: 'built', file, version };
  // An environment knows its own path, so it is made where it will stay, and marked when it is whole.
  rmSync(home, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const made = await run(['python3', '-m', 'venv', home], sources, milliseconds);
  if (made.code !== 0) return judge(made.code, made.err + made.out);
  const { code, err } = await run([file, '-m', 'pip', 'install', '-q', '-r', 'requirements.txt'], sources, milliseconds);
  if (code !== 0) return judge(code, err);
  mkdirSync(path.join(home, 'complete'));
  return { state: 'built', file, version };
}

/** Makes a folder of the cache as a whole or not at all. */
async function inFolder(key: string, make: (folder: string) => Promise<Built>): Promise<Built> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(path.join(CACHE, 'building-'));
  try {
    const built = await make(folder);
    if (built.state === 'built') renameSync(folder, path.join(CACHE, key));
    return built;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Words of a module proxy, a checksum database, a package index or a network that say no. */
const REFUSAL =
  /\b(40[134]|410|429|50\d) [A-Z]|not available|no such host|dial tcp|connection re|i\/o timeout|TLS handshake|No matching distribution|Could not find a version|Max retries|missing go\.sum entry|disabled by GOPROXY/;

function judge(code: number | null, said: string): Built {
  if (code === null) return { state: 'left-out', why: 'not ready in the time for building; the next run goes on with what Go has cached' };
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading'));
  const refusal = lines.find((line) => REFUSAL.test(line));
  if (refusal !== undefined) return { state: 'left-out', why: refusal.trim() };
  return { state: 'failed', why: lines.slice(-8).join('\n') || `exit code ${code}` };
}

/** `code` is null when the time was over. */
function run(
  [command, ...args]: readonly string[],
  cwd: string,
  milliseconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  // A group of its own: stopping Go alone leaves its compilers at work.
  const child = spawn(command!, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), Math.max(1, milliseconds));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...said });
    });
  });
}

function pinned(sources: string, module: string): string {
  const found = new RegExp(`${module} (v\\S+)`).exec(readFileSync(path.join(sources, 'go.mod'), 'utf8'));
  if (!found) throw new Error(`go.mod of ${sources} does not require ${module}`);
  return found[1]!;
}

function digest(texts: readonly string[], toolchain: string): string {
  return createHash('sha256')
    .update(JSON.stringify([texts, toolchain.trim()]))
    .digest('hex')
    .slice(0, 16);
}
