// Adds to package-lock.json the builds for other platforms that its packages name: a registry that mirrors only this machine's leaves them out, and then
// `npm ci` refuses the lockfile everywhere. Run it after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lockfile {
  packages: Record<string, Locked>;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
const missing = missingBuilds(lock);
for (const { name, version } of missing)
  lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...{ dev: true, optional: true } };
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(file, JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2) + '\n');
console.log(`${missing.length} builds added to package-lock.json`);

function missingBuilds({ packages }: Lockfile): readonly { readonly name: string; readonly version: string }[] {
  return Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && !isLocked(packages, where, name))
      .map(([name, version]) => ({ name, version })),
  );
}

/** As Node looks packages up: beside whoever asks, then further up. */
function isLocked(packages: Lockfile['packages'], where: string, name: string): boolean {
  const folders = where.split('/node_modules/').map((_, index, all) => all.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders].some((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages);
}

function platformOf(name: string) {
  const words = name.split('/').at(-1)!.split('-');
  const one = (known: readonly string[]) => known.filter((word) => words.includes(word)).slice(0, 1);
  const os = one(['android', 'darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'openharmony', 'aix', 'sunos']);
  const cpu = one(['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64']);
  if (os.length === 0 || cpu.length === 0) throw new Error(`${name} does not say for which platform it is`);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : [];
  return { cpu, ...(libc.length > 0 && { libc }), os };
}
