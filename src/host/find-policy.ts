import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { realPath } from './texts.ts';

export const POLICY_NAME = '.contextcore-quality.yaml';

/**
 * The quality policy that applies to a manifest (spec/manifest.md §15.1): the one named by `config`, else by CONTEXTCORE_QUALITY_POLICY when that file
 * exists, else the nearest `.contextcore-quality.yaml` from the manifest's own folder upwards. Absolute path; undefined when there is none.
 */
export async function findPolicy(
  root: string,
  manifest: string,
  named: { readonly config?: string | undefined; readonly env?: string | undefined },
): Promise<string | undefined> {
  if (named.config !== undefined) return resolve(root, named.config);
  if (named.env && existsSync(resolve(root, named.env))) return resolve(root, named.env);
  let folder = dirname(await realPath(resolve(root, manifest)));
  for (;;) {
    if (existsSync(join(folder, POLICY_NAME))) return join(folder, POLICY_NAME);
    const up = dirname(folder);
    if (up === folder) return undefined;
    folder = up;
  }
}
