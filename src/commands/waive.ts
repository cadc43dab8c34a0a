import { dirname, join, resolve } from 'node:path';
import { artifactTypes } from '../artifacts/index.ts';
import { deriveContract } from '../contract/derive-contract.ts';
import { readBounded } from '../host/files.ts';
import { findPolicy, POLICY_NAME } from '../host/find-policy.ts';
import { nearest } from '../host/nearest.ts';
import { ReplaceFileError, replaceFile } from '../host/replace-file.ts';
import type { World } from '../host/world.ts';
import { addWaiver } from '../manifest/add-waiver.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { parsePolicy } from '../manifest/policy.ts';
import { isDay } from '../manifest/policy-schema.ts';
import { visible } from '../report/escape-terminal.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { shelves } from '../shelves.ts';
import { gatesOf, knownNames } from '../story/known-names.ts';
import { shown } from '../story/trace.ts';
import { type Call, type Command, UsageError } from './command.ts';
import { formatFlag, pathFlags } from './flags.ts';

/** Accepts a finding until a day, in the policy file, for a reviewer to agree with (design.md, Policy). */
export const waive: Command = {
  name: 'waive',
  summary: 'Accept a finding until a day: write a waiver into the policy file, which keeps its comments.',
  args: [
    { name: 'gate', describes: 'the gate whose finding is accepted, such as required-artifacts', required: true },
    { name: 'artifact', describes: 'the artifact it speaks of, such as ledger-runbook', required: true },
  ],
  flags: [
    { flags: '--reason <text>', describes: 'why' },
    { flags: '--expires <day>', describes: 'the last day on which it counts: 2026-12-31, or a number of days such as 30d' },
    { flags: '--owner <name>', describes: 'who answers for it (default: the first owner of the manifest)' },
    ...pathFlags,
    { flags: '--config <file>', describes: 'the quality policy, where it is not the nearest .contextcore-quality.yaml' },
    formatFlag,
  ],
  act: async (call, world, terminal) => {
    const manifest = await readManifest(call.text('path') ?? '.contextcore.yaml', world);
    const waiver = await waiverOf(call, manifest, world);
    const file = await policyFile(call, world);
    const told = shown(world, file);
    const before = await textOf(file, told);
    const known = parsePolicy(Buffer.from(before), told, knownNames(shelves));
    if (!known.ok) {
      for (const fault of known.faults) terminal.err(faultLines(fault, { colour: false }).trimEnd());
      return 1;
    }
    if (!gateNames(known.policy.customGates).includes(waiver.gate))
      throw new UsageError(unknown('gate', waiver.gate, gateNames(known.policy.customGates)));
    const added = addWaiver(before, waiver);
    if (added === undefined || !parsePolicy(Buffer.from(added.text), told, knownNames(shelves)).ok)
      throw new UsageError(`${told} has a shape that a waiver cannot be written into; write it by hand.`);
    await write(file, told, added.text);
    if (call.text('format') === 'json') terminal.out(JSON.stringify({ path: told, renewed: added.renewed, waiver }, null, 2) + '\n');
    else
      terminal.out(
        visible(
          `${told}: ${added.renewed ? 'renewed' : 'added'} the waiver of ${waiver.gate} for ${waiver.artifact} until ${waiver.expires} (${waiver.owner}).`,
        ) + '\n',
      );
    return 0;
  },
};

const FILE_BYTES = 16 * 1024 * 1024;

interface KnownManifest {
  readonly path: string;
  readonly owner?: string;
  readonly artifacts: readonly string[];
}

/** Undefined where there is none, or one with faults: a waiver can be written without it. */
async function readManifest(path: string, world: World): Promise<KnownManifest | undefined> {
  const read = await readBounded(world.root, path, FILE_BYTES);
  const parsed = read.ok ? parseManifest(read.bytes, path) : undefined;
  if (!parsed?.ok) return undefined;
  const { artifacts } = deriveContract(parsed, artifactTypes, { profile: 'full', deterministic: true });
  const owner = parsed.manifest.metadata.owners[0]?.team ?? parsed.manifest.spec.business?.owner;
  return { path, artifacts: artifacts.map(({ id }) => id), ...(owner !== undefined && { owner }) };
}

async function waiverOf(call: Call, manifest: KnownManifest | undefined, world: World) {
  const [gate = '', artifact = ''] = call.args;
  const reason = call.text('reason')?.trim();
  if (!reason) throw new UsageError('waive needs a reason that a reviewer can agree with: --reason "…"');
  const owner = call.text('owner')?.trim() || manifest?.owner;
  if (!owner) throw new UsageError('waive needs somebody who answers for it: --owner TEAM (the manifest names no owner)');
  const speaksOfArtifacts = gate === 'required-artifacts' || gate === 'artifact-validity';
  if (speaksOfArtifacts && manifest && !manifest.artifacts.includes(artifact))
    throw new UsageError(unknown('artifact', artifact, manifest.artifacts));
  return { gate, artifact, reason, owner, expires: dayOf(call.text('expires'), world.clock.now()) };
}

const DAY = 86_400_000;

function dayOf(written: string | undefined, now: Date): string {
  if (written === undefined)
    throw new UsageError('waive needs its last day: --expires 2026-12-31, or a number of days such as --expires 30d');
  const days = /^(\d{1,4})d$/.exec(written)?.[1];
  const today = now.toISOString().slice(0, 10);
  const day = days === undefined ? written : new Date(Date.parse(today) + Number(days) * DAY).toISOString().slice(0, 10);
  if (!isDay(day))
    throw new UsageError(`--expires: "${written}" is no day of the calendar; write it as 2026-12-31, or as a number of days such as 30d`);
  if (day < today) throw new UsageError(`--expires: ${day} is over; a waiver that has expired is a finding itself`);
  return day;
}

function unknown(noun: string, name: string, all: readonly string[]): string {
  const meant = nearest(name, all);
  const right = meant === undefined ? `there are ${all.slice(0, 20).join(', ')}` : `did you mean ${meant}?`;
  return `There is no ${noun} "${name}"; ${right}`;
}

function gateNames(own: readonly { readonly name: string }[]): readonly string[] {
  return [...gatesOf(shelves).map(({ key }) => key), ...own.map(({ name }) => name)];
}

/** The policy that applies to the manifest; a new one beside it where there is none. */
async function policyFile(call: Call, world: World): Promise<string> {
  const manifest = call.text('path') ?? '.contextcore.yaml';
  const named = { config: call.text('config'), env: world.env['CONTEXTCORE_QUALITY_POLICY'] };
  return (await findPolicy(world.root, manifest, named)) ?? resolve(world.root, join(dirname(manifest), POLICY_NAME));
}

async function textOf(file: string, told: string): Promise<string> {
  const read = await readBounded('/', file, FILE_BYTES);
  if (read.ok) return new TextDecoder().decode(read.bytes);
  if (read.code === 'missing') return '';
  throw new UsageError(read.message.replace(file, told));
}

async function write(file: string, told: string, text: string): Promise<void> {
  try {
    await replaceFile(file, told, Buffer.from(text));
  } catch (error) {
    if (error instanceof ReplaceFileError) throw new UsageError(error.message);
    throw error;
  }
}
