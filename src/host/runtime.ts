import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Version of the Node.js that runs, without `v`. */
export const nodeVersion = process.versions.node;

/** A new folder in the system's temporary one. Absolute. */
export function temporaryFolder(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

/** A number from 0 to below 1, for spreading retries. */
export function chance(): number {
  return Math.random();
}
