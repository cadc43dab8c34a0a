import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemWorld } from '../../src/host/system-world.ts';
import { type RunOutcome, type RunSettings, run } from '../../src/run.ts';

export interface Ran {
  readonly outcome: RunOutcome;
  /** Text of every file written, by name. */
  readonly files: ReadonlyMap<string, string>;
}

const SETTINGS: RunSettings = {
  mode: 'run',
  manifests: ['.contextcore.yaml'],
  ifNoManifest: 'error',
  outputDir: 'out',
  namespace: 'default',
  profile: 'full',
  scanExisting: '.',
  existing: [],
  emitTasks: 'auto',
  otlpProtocol: 'http/json',
  otlpTimeoutMs: 1000,
  tracePlacement: 'own',
  traceLimit: 2000,
  failOn: 'critical',
  backup: false,
  format: 'yaml',
};

/** A whole run over the files of a workspace, as the doors start it but in this process. */
export async function runOver(workspace: Readonly<Record<string, string>>, settings: Partial<RunSettings> = {}): Promise<Ran> {
  const root = await mkdtemp(path.join(tmpdir(), 'run-over-'));
  try {
    for (const [name, text] of Object.entries(workspace)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    const world = systemWorld({ SOURCE_DATE_EPOCH: '1768469400' }, root, () => {});
    const outcome = await run({ ...SETTINGS, ...settings }, world);
    const read = await Promise.all(outcome.files.map(async (file) => [path.basename(file), await readFile(file, 'utf8')] as const));
    return { outcome, files: new Map(read) };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
