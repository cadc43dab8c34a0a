import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { CONTEXTCORE_VERSION } from '../export/export-input.ts';
import { jsonBytes } from '../export/json-text.ts';
import { portablePath } from '../export/paths.ts';
import { type StampZone, zonelessStamp } from '../export/timestamp.ts';
import { yamlText } from '../export/yaml-text.ts';
import { sourceDateEpoch } from '../host/clock.ts';
import { fingerprint, readBounded } from '../host/files.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { ReplaceFileError, replaceFile } from '../host/replace-file.ts';
import { nodeVersion } from '../host/runtime.ts';
import type { World } from '../host/world.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { normaliseName, SCHEMA_LINE, type TemplateOptions, templateV1, templateV2 } from '../manifest/template.ts';
import { readYaml } from '../manifest/yaml-document.ts';
import { visible } from '../report/escape-terminal.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { version } from '../version.ts';
import { type Call, type Command, type ExitCode, type Terminal, UsageError } from './command.ts';

/** Writes a manifest to start from, valid and without warnings (spec/manifest.md §13). An invalid one is not written. */
export const init: Command = {
  name: 'init',
  summary: 'Write a manifest to start from.',
  args: [],
  flags: [
    { flags: '--name <name>', describes: 'name of the project' },
    { flags: '-p, --path <file>', describes: 'where the manifest goes', default: '.contextcore.yaml' },
    { flags: '--manifest <file>', describes: 'the same', aliasOf: 'path' },
    { flags: '--version <version>', describes: 'version of the manifest', choices: ['v2', 'v1.1'], default: 'v2' },
    { flags: '--force', describes: 'replace a manifest that is there' },
    { flags: '--validate', describes: 'validate the manifest before it is written (the default)' },
    { flags: '--no-validate', describes: 'do not' },
    {
      flags: '--document-write-strategy <how>',
      describes: 'keep a replaced file as .bak, or not',
      choices: ['update_existing', 'new_output'],
      default: 'update_existing',
    },
  ],
  act: async (call, world, terminal) => {
    const name = nameOf(call, terminal);
    const path = call.text('path') ?? '.contextcore.yaml';
    if (call.flag('force') !== true && (await fingerprint(world.root, path)).exists) {
      terminal.err(visible(`${path} is there already; give another --path, or --force to replace it.`));
      return 1;
    }
    const bytes = Buffer.from(await manifestText(call, name, world));
    if (call.flag('validate') !== false && !isValid(bytes, path, terminal)) return 1;
    return write(call, { path, name, bytes }, world, terminal);
  },
};

function nameOf(call: Call, terminal: Terminal): string {
  const given = call.text('name');
  if (given === undefined) throw new UsageError('init needs the name of the project: --name checkout-api');
  const name = normaliseName(given);
  if (name === '') throw new UsageError('--name is blank; give the name of the project, such as --name checkout-api');
  if (name !== given) terminal.err(visible(`The name is written "${name}".`));
  return name;
}

async function manifestText(call: Call, name: string, world: World): Promise<string> {
  const options: TemplateOptions = {
    name,
    date: zonelessStamp(world.clock.now(), zoneOf(world)).slice(0, 10),
    ...(await enrichment(world)),
  };
  return call.text('version') === 'v1.1' ? yamlText(templateV1(options)) : SCHEMA_LINE + yamlText(templateV2(options));
}

function isValid(bytes: Uint8Array, path: string, terminal: Terminal): boolean {
  const parsed = parseManifest(bytes, path);
  const told = [...(parsed.ok ? [] : parsed.faults), ...parsed.warnings.filter(({ code }) => code !== 'migrated')];
  for (const fault of told) terminal.err(faultLines(fault, { colour: false }).trimEnd());
  if (!parsed.ok) terminal.err(visible(`${path} was not written, since it would not be valid; --no-validate writes it all the same.`));
  return parsed.ok;
}

interface Made {
  readonly path: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function write(call: Call, { path, name, bytes }: Made, world: World, terminal: Terminal): Promise<ExitCode> {
  const provenance = join(dirname(path), 'init-run-provenance.json');
  const keeps = call.text('documentWriteStrategy') !== 'new_output';
  const options = (file: string) => (keeps ? { backup: `${basename(file)}.bak` } : {});
  try {
    await replaceFile(resolve(world.root, path), path, bytes, options(path));
    await replaceFile(
      resolve(world.root, provenance),
      provenance,
      jsonBytes(runProvenance(call, { path, name, bytes }, world)),
      options(provenance),
    );
  } catch (error) {
    if (error instanceof ReplaceFileError) throw new UsageError(error.message);
    throw error;
  }
  terminal.out(
    visible(`${path} was written, and ${provenance} beside it. Next: adapt it, then "export-tasks validate --path ${path}".`) + '\n',
  );
  return 0;
}

/** The run-provenance payload of export.md §22, without host, user or absolute path. */
function runProvenance(call: Call, { path, name, bytes }: Made, world: World): JsonObject {
  const now = zonelessStamp(world.clock.now(), zoneOf(world));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    run_id: world.ids.uuid(),
    workflow_or_command: 'manifest init',
    version: '1.0.0',
    contextcore_version: CONTEXTCORE_VERSION,
    started_at: now,
    completed_at: now,
    duration_ms: 0,
    environment: { exporter: `export-tasks ${version}`, node_version: nodeVersion },
    config_snapshot: { name, manifest_version: call.text('version') ?? 'v2', force: call.flag('force') === true },
    inputs: [],
    outputs: [{ path: portablePath(world.root, path), exists: true, mtime: now, sha256 }],
    quality_summary: {},
    artifact_references: {},
  };
}

function zoneOf({ env }: World): StampZone {
  return sourceDateEpoch(env) === undefined ? 'local' : 'utc';
}

const CAPABILITY_INDEX = 'docs/capability-index/contextcore.agent.yaml';
const INDEX_BYTES = 16 * 1024 * 1024;
const PRINCIPLES: ReadonlySet<unknown> = new Set(['typed_over_prose', 'prescriptive_over_descriptive', 'observable_contracts']);
const PATTERNS: ReadonlySet<unknown> = new Set(['typed_handoff', 'contract_validation']);

/** What the capability index of the working directory adds to the guidance, each entry with where it comes from. */
async function enrichment(world: World): Promise<Pick<TemplateOptions, 'constraints' | 'preferences'>> {
  const read = await readBounded(world.root, CAPABILITY_INDEX, INDEX_BYTES);
  const yaml = read.ok ? readYaml(read.bytes, CAPABILITY_INDEX) : undefined;
  const index = yaml?.ok && isJsonObject(yaml.document.root) ? yaml.document.root : {};
  const source = (id: JsonValue | undefined) => `contextcore.agent.yaml#${id}`;
  return {
    constraints: entries(index['design_principles'], 'id', PRINCIPLES, 'principle').map(({ id, text }) => ({
      id: `C-PRINCIPLE-${id}`,
      rule: text,
      severity: 'advisory',
      rationale: source(id),
    })),
    preferences: entries(index['patterns'], 'pattern_id', PATTERNS, 'summary').map(({ id, text }) => ({
      id: `P-PATTERN-${id}`,
      description: text,
      example: source(id),
    })),
  };
}

function entries(
  list: JsonValue | undefined,
  idKey: string,
  wanted: ReadonlySet<unknown>,
  textKey: string,
): readonly { readonly id: string; readonly text: string }[] {
  return (Array.isArray(list) ? list.filter(isJsonObject) : []).flatMap((entry) => {
    const { [idKey]: id, [textKey]: text } = entry;
    return typeof id === 'string' && wanted.has(id) && typeof text === 'string' && text.trim() !== '' ? [{ id, text: text.trim() }] : [];
  });
}
