import type { Call } from '../host/show-files.ts';
import type { World } from '../host/world.ts';
import type { FieldProgram } from '../inspect/valid/reading.ts';
import type { Programs } from '../inspect/valid/second-opinion.ts';

/** What is experimental to some version is no fault of a file; a version that does not know a feature says so and goes on. */
const FEATURES =
  '--enable-feature=promql-experimental-functions,promql-extended-range-selectors,promql-duration-expr,promql-binop-fill-modifiers';

const CALLS: Readonly<Record<FieldProgram, Call>> = {
  promtool: { args: ['check', 'rules', '--lint=none', FEATURES], version: ['--version'] },
  amtool: { args: ['check-config'], version: ['--version'] },
};

/** The programs of the field on this machine's PATH, looked for with the first question, once for a run; what starts them loads only where there are any. */
export function openPrograms(world: World): Programs {
  const found = new Map<FieldProgram, Promise<string | undefined>>();
  const findOnce = (program: FieldProgram) => {
    const file = found.get(program) ?? find(program, world);
    found.set(program, file);
    return file;
  };
  return {
    has: async (program) => (await findOnce(program)) !== undefined,
    ask: async (program, texts) => {
      const path = await findOnce(program);
      if (path === undefined) return undefined;
      const { showFiles } = await import('../host/show-files.ts');
      const { version, ...shown } = await showFiles(path, CALLS[program], texts());
      return { ...shown, name: version === undefined ? program : `${program} ${version}` };
    },
  };
}

async function find(program: FieldProgram, world: World): Promise<string | undefined> {
  const { findProgram } = await import('../host/find-program.ts');
  return findProgram(program, world.env, [world.root, world.env['GITHUB_WORKSPACE'] || world.root]);
}
