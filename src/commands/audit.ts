import type { Command } from './command.ts';
import { report } from './run.ts';
import { runFlags, runSettings } from './run-flags.ts';

/** Coverage, gaps and faults of one or many manifests; one trace each. */
export const audit: Command = {
  name: 'audit',
  summary: 'Measure the coverage of many manifests: by manifest, target, type and criticality, with open gaps and faults.',
  args: [{ name: 'manifests...', describes: 'paths or globs (default: **/.contextcore.yaml)', required: false }],
  flags: runFlags.map((flag) =>
    flag.flags.startsWith('-p') ? { ...flag, describes: 'a manifest, or a glob; may be repeated (default: **/.contextcore.yaml)' } : flag,
  ),
  act: async (call, world, terminal) => {
    const manifests = [...call.args, ...call.list('path')];
    const settings = runSettings(call, world, 'audit', {
      manifest: (manifests.length > 0 ? manifests : ['**/.contextcore.yaml']).join('\n'),
    });
    return report(settings, call.text('format'), world, terminal);
  },
};
