import { dirname, join, resolve } from 'node:path';
import type { CapabilityIndex } from '../contract/capability-index.ts';
import type { AuxiliaryInputs } from '../contract/contract.ts';
import { readCapabilityIndex } from '../contract/sections.ts';
import { type AuxiliaryOutcome, parseServiceMetadata, parseTaskMapping } from '../export/auxiliary.ts';
import { ONBOARDING, type ReadManifest, RUN_PROVENANCE } from '../export/export-input.ts';
import { compileCustomGates } from '../gatekeeper/custom-gates.ts';
import { type Fingerprint, fingerprint, readBounded } from '../host/files.ts';
import { findPolicy } from '../host/find-policy.ts';
import { given } from '../host/given.ts';
import type { JsonObject, JsonValue } from '../host/json.ts';
import { listTree, regularFiles, type Tree, TreeError } from '../host/tree.ts';
import type { World } from '../host/world.ts';
import { declaredPaths } from '../inspect/inspect-artifacts.ts';
import type { Fault, ParsedManifest } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { type KnownNames, type Policy, parsePolicy } from '../manifest/policy.ts';
import { readYaml } from '../manifest/yaml-document.ts';
import { SPAN_IDS_NAME } from '../telemetry/preview.ts';
import { bounded } from './bounded.ts';
import { shown } from './trace.ts';

/** What an earlier export left in the output directory, of any shape; absent where there is none or nobody asked. */
export interface Previous {
  readonly onboarding?: JsonValue;
  readonly runProvenance?: JsonValue;
  /** `task-spans.json` */
  readonly spanIds?: JsonValue;
}

/** What to read, as named by a person. */
export interface GatherOrder {
  readonly manifest: string;
  readonly outputDir: string;
  readonly config?: string;
  readonly taskMapping?: string;
  readonly serviceMetadata?: string;
  readonly existing: readonly string[];
  /** The tree to look in; absent for none. */
  readonly scan?: string;
  /** What a policy may name. */
  readonly known: KnownNames;
  /** The earlier onboarding metadata matters too (profile `observability`, export.md §13.2). */
  readonly wantsOnboarding: boolean;
}

/** Everything a manifest's export is made from, read and understood. */
export interface Gathered {
  readonly parsed: ReadManifest;
  readonly policy?: { readonly value: Policy; readonly path: string };
  readonly policyWarnings: readonly Fault[];
  readonly auxiliary: AuxiliaryInputs;
  readonly capabilityIndex?: CapabilityIndex;
  readonly tree?: Tree;
  /** Of the paths declared by `--existing`, those that are files. */
  readonly present: ReadonlySet<string>;
  readonly previous: Previous;
  readonly inputs: readonly Fingerprint[];
  /** Worth telling, stopping nothing; one sentence each. */
  readonly notices: readonly string[];
}

/** All of it; or every fault of the user's own files; or why something could not be read. */
export type GatherOutcome =
  | { readonly state: 'gathered'; readonly gathered: Gathered }
  | { readonly state: 'faulty'; readonly parsed: ParsedManifest; readonly policyFaults: readonly Fault[] }
  | { readonly state: 'unreadable'; readonly messages: readonly string[] };

/** More than any of them has; what the manifest's parser accepts is less, and its own to say. */
const MANIFEST_BYTES = 256 * 1024 * 1024;
const POLICY_BYTES = 16 * 1024 * 1024;
const AUXILIARY_BYTES = 64 * 1024 * 1024;
const METADATA_BYTES = 320 * 1024 * 1024;
const CAPABILITY_INDEX = join('docs', 'capability-index', 'contextcore.agent.yaml');

const TO_START = '"export-tasks init --name NAME" writes one to start from.';

/** Reads a manifest and everything beside it. All that is wrong is told together. */
export async function gather(order: GatherOrder, world: World): Promise<GatherOutcome> {
  const read = await readBounded(world.root, order.manifest, MANIFEST_BYTES);
  if (!read.ok) return { state: 'unreadable', messages: [read.code === 'missing' ? `${read.message} ${TO_START}` : read.message] };
  // Git looks through the tree while the manifest is understood.
  const tree = order.scan === undefined ? undefined : listTree(world.root, order.scan).catch(treeFailure);
  const parsed = parseManifest(read.bytes, order.manifest);
  const policy = await gatherPolicy(order, world);
  const side = await gatherBeside(order, await tree, world);
  const messages = [...policy.messages, ...side.messages];
  if (messages.length > 0) return { state: 'unreadable', messages };
  if (!parsed.ok || policy.faults.length > 0) return { state: 'faulty', parsed, policyFaults: [...policy.faults, ...policy.warnings] };
  const gathered: Gathered = {
    parsed,
    policyWarnings: policy.warnings,
    auxiliary: side.auxiliary,
    present: await regularFiles(world.root, declaredPaths(order.existing)),
    previous: await gatherPrevious(order, world),
    inputs: await fingerprints(order, world, read.bytes, [policy.path, side.capabilityIndexPath]),
    notices: side.notices,
    ...given({ tree: side.tree, policy: policy.known, capabilityIndex: side.capabilityIndex }),
  };
  return { state: 'gathered', gathered };
}

interface PolicyFile {
  readonly path?: string;
  readonly known?: { readonly value: Policy; readonly path: string };
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly messages: readonly string[];
}

async function gatherPolicy(order: GatherOrder, world: World): Promise<PolicyFile> {
  const none = { faults: [], warnings: [], messages: [] };
  const path = await findPolicy(world.root, order.manifest, { config: order.config, env: world.env['CONTEXTCORE_QUALITY_POLICY'] });
  if (path === undefined) return none;
  const read = await readBounded(world.root, path, POLICY_BYTES);
  if (!read.ok) return { ...none, messages: [read.message] };
  const parsed = parsePolicy(read.bytes, shown(world, path), order.known);
  if (!parsed.ok) return { ...none, path, faults: parsed.faults, warnings: parsed.warnings };
  const broken = await brokenExpressions(parsed.policy);
  if (broken.length > 0) return { ...none, path, faults: broken, warnings: parsed.warnings };
  return { ...none, path, warnings: parsed.warnings, known: { value: parsed.policy, path } };
}

/** An expression that cannot be asked is a fault of the policy, like a misspelt level. */
async function brokenExpressions({ customGates }: Policy): Promise<readonly Fault[]> {
  const { faults } = await compileCustomGates(customGates, bounded);
  return faults.map(({ gate, message }) => ({
    code: 'broken-expression',
    severity: 'error',
    path: `custom-gates.${customGates.indexOf(gate)}.expr`,
    place: gate.place,
    message: `The expression of the custom gate "${gate.name}" is not CEL that can be asked: ${message}.`,
  }));
}

interface Beside {
  readonly auxiliary: AuxiliaryInputs;
  readonly tree?: Tree;
  readonly capabilityIndex?: CapabilityIndex;
  readonly capabilityIndexPath?: string;
  readonly notices: readonly string[];
  readonly messages: readonly string[];
}

async function gatherBeside(order: GatherOrder, tree: Tree | string | undefined, world: World): Promise<Beside> {
  const [mapping, services] = await Promise.all([
    gatherAuxiliary(world, order.taskMapping, parseTaskMapping),
    gatherAuxiliary(world, order.serviceMetadata, parseServiceMetadata),
  ]);
  const indexPath = join(dirname(order.manifest), CAPABILITY_INDEX);
  const index = await readBounded(world.root, indexPath, AUXILIARY_BYTES);
  const yaml = index.ok ? readYaml(index.bytes, indexPath) : undefined;
  const outcomes = [mapping, services].filter((outcome) => outcome !== undefined);
  return {
    auxiliary: given({ taskMapping: understood(mapping), serviceMetadata: understood(services) }),
    ...given({
      tree: typeof tree === 'string' ? undefined : tree,
      capabilityIndex: yaml?.ok ? readCapabilityIndex(yaml.document.root, yaml.document.written(['version'])) : undefined,
      capabilityIndexPath: index.ok ? indexPath : undefined,
    }),
    notices: outcomes.flatMap((outcome) => (outcome.ok ? outcome.warnings : [])),
    messages: [...outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.message])), ...(typeof tree === 'string' ? [tree] : [])],
  };
}

async function gatherAuxiliary(
  world: World,
  path: string | undefined,
  parse: (bytes: Uint8Array, path: string) => AuxiliaryOutcome,
): Promise<AuxiliaryOutcome | undefined> {
  if (path === undefined) return undefined;
  const read = await readBounded(world.root, path, AUXILIARY_BYTES);
  return read.ok ? parse(read.bytes, path) : { ok: false, message: read.message };
}

function understood(outcome: AuxiliaryOutcome | undefined): JsonObject | undefined {
  return outcome?.ok ? outcome.value : undefined;
}

function treeFailure(error: unknown): string {
  if (error instanceof TreeError) return error.message;
  throw error;
}

async function gatherPrevious(order: GatherOrder, world: World): Promise<Previous> {
  const dir = resolve(world.root, order.outputDir);
  const [runProvenance, spanIds, onboarding] = await Promise.all([
    readJson(dir, RUN_PROVENANCE),
    readJson(dir, SPAN_IDS_NAME),
    order.wantsOnboarding ? readJson(dir, ONBOARDING) : undefined,
  ]);
  return given({ runProvenance, spanIds, onboarding });
}

async function readJson(dir: string, name: string): Promise<JsonValue | undefined> {
  const read = await readBounded(dir, name, METADATA_BYTES);
  if (!read.ok) return undefined;
  try {
    return JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
}

async function fingerprints(
  order: GatherOrder,
  world: World,
  manifest: Uint8Array,
  found: readonly (string | undefined)[],
): Promise<readonly Fingerprint[]> {
  const others = [order.taskMapping, order.serviceMetadata, order.scan, ...found].filter((path) => path !== undefined);
  return Promise.all([fingerprint(world.root, order.manifest, manifest), ...others.map((path) => fingerprint(world.root, path))]);
}
