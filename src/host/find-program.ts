import { constants, existsSync } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { repositoryOf } from './repository.ts';
import { realPath } from './texts.ts';
import { isWithin } from './within.ts';
import type { World } from './world.ts';

/**
 * The file that a name stands for on the PATH, links followed; undefined where there is none. What lies in a workspace, or in the repository around it, is a
 * stranger's and never found: neither through a folder of it on the PATH, nor through a link into it. Relative folders of the PATH are passed over.
 */
export async function findProgram(name: string, env: World['env'], workspaces: readonly string[]): Promise<string | undefined> {
  const homes = await Promise.all(workspaces.map(homeOf));
  const isTheirs = (path: string) => homes.some((home) => isWithin(home, path));
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter))
    for (const file of isAbsolute(folder) ? names : []) {
      const found = await executable(join(folder, file));
      if (found !== undefined && !isTheirs(join(folder, file)) && !isTheirs(found)) return found;
    }
  return undefined;
}

/** The repository around a workspace, or the workspace itself. */
async function homeOf(workspace: string): Promise<string> {
  const real = await realPath(workspace);
  return repositoryOf(real) ?? real;
}

async function executable(path: string): Promise<string | undefined> {
  // Most folders of a PATH have no such file, and a failure each costs more than all the rest.
  if (!existsSync(path)) return undefined;
  try {
    const real = await realpath(path);
    await access(real, constants.X_OK);
    return (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}
