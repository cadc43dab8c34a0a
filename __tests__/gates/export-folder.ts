import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Gate, GateResult } from '../../src/gatekeeper/gate.ts';
import { type GateSettings, runGates } from '../../src/gatekeeper/run-gates.ts';
import type { Subject } from '../../src/gatekeeper/subject.ts';
import { loadSubject, type SubjectOptions } from '../../src/host/load-subject.ts';

export type Loose = any;

/** A folder with a manifest and a healthy export of it, each file as a value that a test may change before it is written. */
export interface ExportFolder {
  manifest: string;
  artifactManifest: string;
  projectContext: string;
  onboarding: Loose;
  provenance: Loose;
  runProvenance: Loose;
  /** Text or JSON by path below the folder. */
  readonly more: Record<string, Loose>;
}

const MANIFEST = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: bank
spec:
  project:
    id: bank-of
  requirements:
    availability: "99.9"
  targets:
    - kind: Deployment
      name: teller
    - kind: Deployment
      name: vault
`;

const entry = (id: string, type: string, target: string, priority: string, status = 'needed') =>
  `- id: ${id}\n  type: ${type}\n  name: ${target} ${type}\n  target: ${target}\n  priority: ${priority}\n  status: ${status}\n  derivedFrom: []\n  parameters:\n    availability: null\n  dependsOn: []\n`;

export function artifactManifest(statuses: Readonly<Record<string, string>> = {}): string {
  const of = (id: string) => statuses[id] ?? 'needed';
  return `apiVersion: contextcore.io/v1\nkind: ArtifactManifest\nmetadata:\n  projectId: bank-of\nartifacts:\n${entry('teller-dashboard', 'dashboard', 'teller', 'required', of('teller-dashboard'))}${entry('teller-slo', 'slo_definition', 'teller', 'required', of('teller-slo'))}${entry('vault-runbook', 'runbook', 'vault', 'recommended', of('vault-runbook'))}crd:\n  name: bank\n`;
}

export function healthy(): ExportFolder {
  const contract = (max_lines: number) => ({ expected_depth: 'standard', max_lines, edit_min_pct: 80 });
  const hint = (expected_depth: string, expected_loc_range: string) => ({
    expected_depth,
    expected_loc_range,
    red_flag: 'a sketch',
    edit_min_pct: 80,
  });
  return {
    manifest: MANIFEST,
    artifactManifest: artifactManifest(),
    projectContext: 'kind: ProjectContext\nmetadata:\n  name: bank\n',
    onboarding: {
      version: '1.0.0',
      generation_profile: 'full',
      schema: 'contextcore.io/onboarding-metadata/v1',
      project_id: 'bank-of',
      artifact_manifest_path: 'bank-artifact-manifest.yaml',
      project_context_path: 'bank-projectcontext.yaml',
      crd_reference: 'bank-projectcontext.yaml',
      generated_at: '2026-01-15T09:30:00',
      artifact_types: { dashboard: {}, runbook: {}, slo_definition: {} },
      parameter_schema: { dashboard: ['risks'], runbook: ['risks'], slo_definition: ['availability'] },
      coverage: {
        totalRequired: 2,
        totalExisting: 0,
        overallCoverage: 60,
        byTarget: [
          { target: 'teller', gaps: ['teller-dashboard', 'teller-slo'] },
          { target: 'vault', gaps: [] },
        ],
        byType: { dashboard: 1, slo_definition: 1, runbook: 1 },
        gaps: ['teller-dashboard', 'teller-slo', 'vault-runbook'],
      },
      derivation_rules: { dashboard: [{ property: 'title' }], slo_definition: [{ property: 'target' }], runbook: [{ property: 'risks' }] },
      artifact_dependency_graph: { 'teller-slo': ['teller-dashboard'], 'vault-runbook': ['teller-slo'] },
      expected_output_contracts: { dashboard: contract(300), slo_definition: contract(100), runbook: contract(300) },
      design_calibration_hints: {
        dashboard: hint('comprehensive', '51-300'),
        slo_definition: hint('standard', '51-150'),
        runbook: hint('standard-comprehensive', '51-300'),
        client_teller: { ...hint('standard', '51-300'), transport_protocol: 'grpc' },
      },
      parameter_resolvability: {
        'teller-dashboard': { risks: { status: 'resolved', source_path: 'manifest.spec.risks[]' } },
        'teller-slo': { availability: { status: 'resolved', source_path: 'manifest.spec.requirements.availability' } },
      },
      service_metadata: { teller: { transport_protocol: 'grpc', schema_contract: 'teller.proto' }, vault: { transport_protocol: 'http' } },
      artifact_task_mapping: { 'teller-dashboard': 'T-1', 'teller-slo': 'T-2', 'vault-runbook': 'T-3' },
      file_ownership: {
        'dash/teller.json': { artifact_ids: ['teller-dashboard'], artifact_types: ['dashboard'] },
        'slo/teller.yaml': { artifact_ids: ['teller-slo'], artifact_types: ['slo_definition'] },
        'runbooks/vault.md': { artifact_ids: ['vault-runbook'], artifact_types: ['runbook'] },
      },
      source_path_relative: '.contextcore.yaml',
    },
    provenance: {
      generatedAt: '2026-01-15T09:30:00',
      outputDirectory: 'out',
      outputFiles: ['bank-projectcontext.yaml', 'bank-artifact-manifest.yaml'],
    },
    runProvenance: {
      version: '2.0.0',
      artifact_inventory: ['derivation_rules', 'output_contracts', 'dependency_graph', 'calibration_hints'].map((role) => ({
        artifact_id: `export.${role}`,
        role,
        source_file: 'onboarding-metadata.json',
      })),
    },
    more: {},
  };
}

export interface Opened {
  readonly cwd: string;
  readonly subject: Subject;
}

export type Change = (folder: ExportFolder) => void;
/** Changes after the digests were taken, so that they no longer hold. */
export interface Opening {
  readonly change?: Change;
  readonly after?: Change;
  readonly options?: Partial<SubjectOptions>;
}

const folders: string[] = [];

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** Writes the folder, with right digests, and loads its export. */
export async function open({ change, after, options }: Opening = {}): Promise<Opened> {
  const cwd = await write(change, after);
  const load = await loadSubject({ exportDir: 'out', cwd, ...options });
  if (!load.ok) throw new Error(load.message);
  return { cwd, subject: load.subject };
}

export async function write(change: Change = () => {}, after: Change = () => {}): Promise<string> {
  const folder = healthy();
  change(folder);
  const { onboarding } = folder;
  if (typeof onboarding === 'object' && onboarding !== null) {
    const sums = {
      source_checksum: folder.manifest,
      artifact_manifest_checksum: folder.artifactManifest,
      project_context_checksum: folder.projectContext,
    };
    for (const [key, text] of Object.entries(sums)) if (!(key in onboarding)) onboarding[key] = sha256(text);
    folder.provenance.sourceChecksum ??= onboarding.source_checksum;
  }
  after(folder);
  const cwd = await mkdtemp(join(tmpdir(), 'gates-'));
  folders.push(cwd);
  const files = {
    '.contextcore.yaml': folder.manifest,
    'out/bank-artifact-manifest.yaml': folder.artifactManifest,
    'out/bank-projectcontext.yaml': folder.projectContext,
    'out/onboarding-metadata.json': folder.onboarding,
    'out/provenance.json': folder.provenance,
    'out/run-provenance.json': folder.runProvenance,
    ...folder.more,
  };
  for (const [path, content] of Object.entries(files)) await put(join(cwd, path), content);
  return cwd;
}

async function put(path: string, content: Loose): Promise<void> {
  if (content === undefined) return;
  await mkdir(dirname(path), { recursive: true });
  if (content === 'directory') await mkdir(path);
  else await writeFile(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content, null, 1));
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export const CLOCK = { clock: { now: () => new Date('2026-02-03T04:05:06.000Z'), elapsed: () => 0 } };

export function run(gates: readonly Gate[], subject: Subject, settings: GateSettings = {}): readonly GateResult[] {
  return runGates(gates, subject, CLOCK, settings);
}

/** The answer of one gate about a changed export. */
export async function judge(gate: Gate, opening: Opening = {}): Promise<GateResult> {
  return run([gate], (await open(opening)).subject)[0]!;
}

/** `type:ref` of the evidence. */
export function told(result: GateResult): readonly string[] {
  return result.evidence.map((item) => `${item.type}:${item.ref}`);
}
