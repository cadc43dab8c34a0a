import type { RunSettings } from '../run.ts';

/** What a run is told when nobody says otherwise, as on the terminal: `run({ ...RUN_DEFAULTS, failOn: 'error' }, world)`. */
export const RUN_DEFAULTS: RunSettings = {
  mode: 'run',
  manifests: ['.contextcore.yaml'],
  ifNoManifest: 'error',
  outputDir: 'contextcore-export',
  namespace: 'default',
  profile: 'full',
  scanExisting: '.',
  existing: [],
  emitTasks: 'auto',
  otlpTimeoutMs: 30_000,
  tracePlacement: 'own',
  traceLimit: 2000,
  failOn: 'critical',
  onlyNew: false,
  baseline: 'auto',
  backup: true,
  format: 'yaml',
};
