// npm run test:interop: builds an OpenTelemetry Collector, Grafana Tempo, Jaeger, Prometheus, promtool and amtool, asks pip for the Python SDK, and runs the tests of this folder against
// them on loopback. What could not be built is said and left out. Words after `--` choose test files.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type Built, buildPeer, buildPython, PEERS } from './build.ts';

/** For all builds together; cold ones take ten minutes on two cores. */
const BUILD_MINUTES = Number(process.env['INTEROP_BUILD_MINUTES'] ?? 16);

const root = path.resolve(import.meta.dirname, '../..');
const until = Date.now() + BUILD_MINUTES * 60_000;
const built = new Map<string, Built>();
for (const peer of PEERS) await noted(peer.name, () => buildPeer(peer, until - Date.now()));
await noted('python', () => buildPython(Math.max(60_000, until - Date.now())));

const code = await tests();
console.log('\nInteroperation');
for (const [name, made] of built) console.log(`  ${said(name, made)}`);
process.exitCode = code !== 0 || [...built.values()].some(({ state }) => state === 'failed') ? 1 : 0;

async function noted(name: string, build: () => Promise<Built>): Promise<void> {
  const began = Date.now();
  const made = await build();
  built.set(name, made);
  console.log(`${said(name, made)} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}

function said(name: string, made: Built): string {
  return made.state === 'built' ? `${name}: ${made.version}` : `${name} ${made.state.replace('-', ' ')}: ${made.why}`;
}

function tests(): Promise<number> {
  const files = [...built].flatMap(([name, made]) =>
    made.state === 'built' ? [[`INTEROP_${name.toUpperCase()}`, made.file] as const] : [],
  );
  if (files.length === 0) return Promise.resolve(0);
  const jest = [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', path.join(root, 'node_modules/jest/bin/jest.js')],
    ...['--config', path.join(import.meta.dirname, 'jest.config.json'), '--runInBand', '--verbose', ...process.argv.slice(2)],
  ];
  const child = spawn(process.execPath, jest, { cwd: root, stdio: 'inherit', env: { ...process.env, ...Object.fromEntries(files) } });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (ended) => resolve(ended ?? 1)));
}
