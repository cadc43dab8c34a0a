import { PROFILES, type Profile } from '../contract/contract.ts';
import { settleContract } from '../contract/settle-contract.ts';
import { given } from '../host/given.ts';
import { nearest } from '../host/nearest.ts';
import { isThereIn, readText } from '../host/texts.ts';
import type { World } from '../host/world.ts';
import { examineArtifacts } from '../inspect/examine-artifacts.ts';
import { visible } from '../report/escape-terminal.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { type Shelves, shelves } from '../shelves.ts';
import { gatesOf, knownNames } from '../story/known-names.ts';
import { ARTIFACT_BYTES, type Prepared, prepare } from '../story/prepare.ts';
import { type Call, type Command, type ExitCode, type Terminal, UsageError } from './command.ts';
import { type Examined, explainArtifact } from './explain/explain-artifact.ts';
import { explainGate } from './explain/explain-gate.ts';
import { explainType } from './explain/explain-type.ts';
import type { Explanation } from './explain/explanation.ts';
import { formatFlag, pathFlags } from './flags.ts';

/** Says what a gate asks, what an artifact type is, or why a manifest wants an artifact and where one was looked for. */
export const explain: Command = explainWith(shelves);

/** The same about the members of other shelves. */
export function explainWith(known: Shelves): Command {
  return {
    name: 'explain',
    summary: 'Explain a gate, an artifact type, or an artifact of a manifest.',
    args: [{ name: 'what', describes: 'the key of a gate, an artifact type, or the id of an artifact', required: true }],
    flags: [
      ...pathFlags,
      { flags: '--scan-existing <dir>', describes: 'tree in which existing artifacts are looked for, or off (default: .)' },
      { flags: '-e, --existing <id:path>', describes: 'an artifact that exists; may be repeated', repeat: true },
      { flags: '--profile <name>', describes: 'what is owed', choices: PROFILES, default: 'full' },
      { flags: '--config <file>', describes: 'the quality policy, where it is not the nearest .contextcore-quality.yaml' },
      formatFlag,
    ],
    act: async (call, world, terminal) => {
      const [what = ''] = call.args;
      const gate = gatesOf(known).find(({ key }) => key === what);
      if (gate) return tell(call, terminal, explainGate(gate));
      const type = known.types.find((one) => one.type === what || one.type === what.replaceAll('-', '_'));
      if (type) return tell(call, terminal, explainType(type));
      return aboutArtifact(call, what, known, world, terminal);
    },
  };
}

async function aboutArtifact(call: Call, id: string, known: Shelves, world: World, terminal: Terminal): Promise<ExitCode> {
  const path = call.text('path') ?? '.contextcore.yaml';
  const scan = call.text('scanExisting') ?? '.';
  const looking = { existing: call.list('existing'), ...given({ scan: scan === 'off' ? undefined : scan }) };
  const prepared = await prepare(
    { ...ORDER, manifest: path, profile: profileOf(call), ...looking, ...given({ config: call.text('config') }) },
    world,
    known,
  );
  if (prepared.state === 'unreadable')
    throw new UsageError(
      call.text('path') === undefined ? `${unknown(id, known, [])} ${prepared.messages.join(' ')}` : prepared.messages.join('\n'),
    );
  if (prepared.state === 'faulty') {
    const faults = [...(prepared.parsed.ok ? [] : prepared.parsed.faults), ...prepared.policyFaults];
    for (const fault of faults) terminal.err(faultLines(fault, { colour: false }).trimEnd());
    return 1;
  }
  return tell(call, terminal, explainArtifact(await examine(id, prepared, known, looking.existing, world)));
}

/** Found, valid and true, as `run` has it; of this one artifact. */
async function examine(
  id: string,
  { contract, gathered, policy }: Prepared,
  known: Shelves,
  existing: readonly string[],
  world: World,
): Promise<Examined> {
  const owed = contract.artifacts.find((one) => one.id === id);
  const type = known.types.find((one) => one.type === owed?.type);
  if (!owed || !type)
    throw new UsageError(
      unknown(
        id,
        known,
        contract.artifacts.map((one) => one.id),
      ),
    );
  const alone = { ...contract, artifacts: [owed], generation: [owed.id] };
  const files = { read: (path: string) => readText(world.root, path, ARTIFACT_BYTES), exists: isThereIn(world.root) };
  const inspection = await examineArtifacts(alone, known.types, {
    existing,
    declared: 'checked',
    present: gathered.present,
    rules: policy.artifacts,
    files,
    ...given({ tree: gathered.tree }),
  });
  const [artifact = owed] = settleContract(alone, inspection).artifacts;
  return { artifact, type, inspection, criticality: contract.criticality, locate: gathered.parsed.locate };
}

function profileOf(call: Call): Profile {
  return PROFILES.find((profile) => profile === call.text('profile')) ?? 'full';
}

/** Nothing is written, so what an export would be called does not matter. */
const ORDER = {
  outputDir: '.',
  namespace: 'default',
  format: 'yaml',
  declared: 'checked',
  strict: false,
  emitProvenance: false,
  embedProvenance: false,
  emitOnboarding: false,
  dryRun: true,
  argv: [],
} as const;

function unknown(what: string, known: Shelves, ids: readonly string[]): string {
  const meant = nearest(what, [...Object.values(knownNames(known)).flat(), ...ids]);
  return `"${what}" is no gate, no artifact type and no artifact of the manifest${meant === undefined ? '.' : `; did you mean "${meant}"?`}`;
}

function tell(call: Call, terminal: Terminal, { document, lines }: Explanation): ExitCode {
  terminal.out(call.text('format') === 'json' ? JSON.stringify(document, null, 2) + '\n' : lines.map(visible).join('\n') + '\n');
  return 0;
}
