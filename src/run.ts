import type { Profile } from './contract/contract.ts';
import { decideVerdict } from './gatekeeper/decide-verdict.ts';
import type { FailOn } from './gatekeeper/verdict.ts';
import { exportFolder, findManifests, isGlob } from './host/find-manifests.ts';
import type { CiContext } from './host/github/ci-context.ts';
import { given } from './host/given.ts';
import type { World } from './host/world.ts';
import { assembleReport } from './report/assemble-report.ts';
import type { Report } from './report/report.ts';
import { shelves as everything, type Shelves } from './shelves.ts';
import { openBaseline } from './story/base-side.ts';
import { type Chapter, exportManifest, nothingWritten } from './story/export-manifest.ts';
import { goneManifests } from './story/gone-manifests.ts';
import { writeReport } from './story/write-report.ts';
import type { Protocol } from './telemetry/endpoint.ts';
import { version } from './version.ts';

/** Everything a run is told (design.md, The action). Paths are relative to the world's root, or absolute. */
export interface RunSettings {
  readonly mode: 'run' | 'check' | 'audit';
  /** Paths or globs, as given. */
  readonly manifests: readonly string[];
  readonly ifNoManifest: 'error' | 'warn' | 'ignore';
  readonly outputDir: string;
  readonly exportDir?: string;
  readonly ingestionDir?: string;
  readonly artisanDir?: string;
  readonly projectId?: string;
  readonly namespace: string;
  readonly profile: Profile;
  /** The tree in which existing artifacts are looked for, or `off`. */
  readonly scanExisting: string;
  /** `artifact-id:path` each. */
  readonly existing: readonly string[];
  readonly taskMapping?: string;
  readonly serviceMetadata?: string;
  /** Absent: the policy's. */
  readonly coveragePolicy?: 'ratchet' | 'absolute' | 'off';
  /** Percent, 0–100. */
  readonly minCoverage?: number;
  readonly strictQuality?: boolean;
  /** The policy file, where it is not the nearest `.contextcore-quality.yaml`. */
  readonly config?: string;
  readonly emitTasks: 'auto' | 'true' | 'dry-run' | 'false';
  readonly otlpEndpoint?: string;
  readonly otlpHeaders?: string;
  /** Absent: what OTEL_EXPORTER_OTLP_PROTOCOL says, else `http/json`. */
  readonly otlpProtocol?: Protocol;
  readonly otlpTimeoutMs: number;
  readonly traceparent?: string;
  readonly tracePlacement: 'own' | 'github-receiver';
  readonly traceLimit: number;
  readonly failOn: FailOn;
  /** Only what this change caused counts for `failOn`. */
  readonly onlyNew?: boolean;
  /** What to compare with: `auto` (the base of the change), `off`, or a revision. */
  readonly baseline?: string;
  /** For the base of a change that the clone does not hold. */
  readonly githubToken?: string;
  /** Keep replaced files as `.bak`. */
  readonly backup: boolean;
  readonly format: 'yaml' | 'json';
  readonly ci?: CiContext;
}

export interface RunOutcome {
  readonly report: Report;
  readonly exitCode: 0 | 1 | 2;
  /** Absolute paths of files this run wrote that an artifact may carry. */
  readonly files: readonly string[];
  readonly previewPath?: string;
  readonly reportPath?: string;
  readonly exportDir?: string;
  /** W3C, of the first manifest's epic; for later steps. */
  readonly traceparent?: string;
  /** W3C: what was given in BAGGAGE, and what the first manifest's run adds to it. */
  readonly baggage?: string;
}

/**
 * The whole story: each manifest is exported, judged and emitted, then one verdict is reached and one report made of it.
 * Never throws for what a user, a file or a backend did; `exitCode` follows design.md, The command line.
 */
export async function run(settings: RunSettings, world: World, shelves: Shelves = everything): Promise<RunOutcome> {
  if (settings.mode === 'check') {
    const { judgeExport } = await import('./story/judge-export.ts');
    return conclude(settings, world, [await judgeExport(settings, world, shelves)]);
  }
  const manifests = await findManifests(world.root, settings.manifests, settings.ifNoManifest !== 'error');
  const several = settings.manifests.length > 1 || settings.manifests.some(isGlob);
  const done: Chapter[] = [];
  await using base = openBaseline({ baseline: 'auto', ...settings }, world);
  for (const manifest of manifests) {
    const order = {
      ...settings,
      base,
      manifest,
      outputDir: several ? `${settings.outputDir}/${exportFolder(manifest)}` : settings.outputDir,
    };
    done.push(await exportManifest(order, world, shelves));
  }
  const projects = new Set(done.flatMap(({ entry }) => entry.projectId ?? []));
  const gone = await goneManifests(settings, base, manifests, projects);
  return conclude(settings, world, [...(done.length > 0 ? done : [nothingFound(settings)]), ...gone]);
}

async function conclude(settings: RunSettings, world: World, done: readonly Chapter[]): Promise<RunOutcome> {
  const verdict = decideVerdict({
    manifest: done.flatMap(({ entry }) => [...entry.faults, ...entry.warnings]),
    policy: done.flatMap(({ policyFaults }) => policyFaults),
    results: done.flatMap(({ entry }) => entry.gates),
    failOn: settings.failOn,
    dated: new Map(done.flatMap(({ dated }) => [...(dated ?? [])])),
    onlyNew: settings.onlyNew === true,
  });
  const report = assembleReport({
    version,
    mode: settings.mode,
    generatedAt: world.clock.now().toISOString(),
    entries: done.map(({ entry }) => entry),
    verdict,
    losses: [...new Set([...done.flatMap(({ losses }) => losses), ...(settings.ci?.losses ?? [])])],
    ...given({ minimum: settings.minCoverage }),
  });
  const [first] = done;
  const reportPath = await writeReport(report, done, settings, world);
  return {
    report,
    exitCode: done.some(({ broken }) => broken) ? 2 : verdict.fails ? 1 : 0,
    files: [...done.flatMap(({ files }) => files), ...(reportPath === undefined ? [] : [reportPath])],
    ...given({
      reportPath,
      previewPath: first?.previewPath,
      exportDir: first?.exportPath,
      traceparent: first?.traceparent,
      baggage: first?.baggage,
    }),
  };
}

/** No manifest where one was expected: an error, a warning, or nothing to speak of (`if-no-manifest`). */
function nothingFound({ manifests, ifNoManifest }: RunSettings): Chapter {
  const message = `No manifest matches ${manifests.join(', ')}; write one ("export-tasks init --name NAME" does), or set if-no-manifest to warn or ignore.`;
  const fault = (severity: 'error' | 'warning') => ({
    code: 'missing',
    severity,
    path: '',
    place: { file: manifests[0] ?? '.contextcore.yaml', line: 1 },
    message,
  });
  const read = {
    version: 'unknown',
    faults: ifNoManifest === 'error' ? [fault('error')] : [],
    warnings: ifNoManifest === 'warn' ? [fault('warning')] : [],
  } as const;
  return { ...nothingWritten({ manifest: manifests[0] ?? '.contextcore.yaml' }, read), broken: ifNoManifest === 'error' };
}
