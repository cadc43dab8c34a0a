import { run, shelves, systemWorld } from 'export-tasks';
import { syntheticCheck } from './example-artifact-type.ts';
import { departmentPrefix } from './example-gate.ts';
import { oneLine } from './example-reporter.ts';

/** The whole job on the manifest of this directory, with a type, a gate and a reporter of one's own. */
const world = systemWorld(process.env, process.cwd(), console.error);
const { report, exitCode } = await run(
  {
    mode: 'run',
    manifests: ['.contextcore.yaml'],
    ifNoManifest: 'error',
    outputDir: 'contextcore-export',
    namespace: 'default',
    profile: 'full',
    scanExisting: '.',
    existing: [],
    emitTasks: 'auto',
    otlpProtocol: 'http/json',
    otlpTimeoutMs: 30_000,
    tracePlacement: 'own',
    traceLimit: 2000,
    failOn: 'critical',
    backup: true,
    format: 'yaml',
  },
  world,
  { ...shelves, types: [...shelves.types, syntheticCheck], ours: [...shelves.ours, departmentPrefix] },
);
process.stdout.write(oneLine.render(report));
process.exitCode = exitCode;
