import { RUN_DEFAULTS, run, shelves, systemWorld } from 'export-tasks';
import { syntheticCheck } from './example-artifact-type.ts';
import { departmentPrefix } from './example-gate.ts';
import { oneLine } from './example-reporter.ts';

/** The whole job on the manifest of this directory, with a type, a gate and a reporter of one's own. */
const world = systemWorld(process.env, process.cwd(), console.error);
const { report, exitCode } = await run({ ...RUN_DEFAULTS, failOn: 'critical' }, world, {
  ...shelves,
  types: [...shelves.types, syntheticCheck],
  ours: [...shelves.ours, departmentPrefix],
});
process.stdout.write(oneLine.render(report));
process.exitCode = exitCode;
