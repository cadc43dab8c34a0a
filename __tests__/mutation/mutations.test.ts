import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftExport } from '../../src/export/draft-export.ts';
import { finishExport } from '../../src/export/finish-export.ts';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import { checkText } from '../../src/reporters/check-text.ts';
import { diagnoseText } from '../../src/reporters/diagnose-text.ts';
import { changed, complete } from '../manifest/samples.ts';
import { type Asked, inputOf, manifestBytes, readManifest } from '../properties/exports.ts';
import { holds } from '../properties/manifests.ts';
import { type Examined, examine, openWorkshop } from '../properties/workshop.ts';
import { broken, type Mutation, mutationsOf } from './broken-copies.ts';

const ASKED: Asked = {
  profile: 'full',
  format: 'yaml',
  found: ['nothing', 'file', 'nothing'],
  mapped: true,
  services: true,
  emitProvenance: true,
  embedProvenance: false,
  deterministic: true,
};

/** What an export must say (spec/gates.md §2.4); without one of these it is not healthy. */
const REQUIRED = [
  'version',
  'schema',
  'project_id',
  'generated_at',
  'coverage',
  'artifact_manifest_checksum',
  'project_context_checksum',
  'source_checksum',
  'coverage.totalRequired',
  'coverage.gaps',
];
const METADATA = 'out/onboarding-metadata.json';
const EMISSION = { state: 'none', reason: 'Not asked for.', traceIds: [], drafted: 0, sent: 0, spooled: 0, lost: 0 } as const;
const DIRECTORIES = { ingestionDir: 'ingestion', artisanDir: 'artisan', minCoverage: 10 };

/** A manifest of two services, its export, and directories in which both later questions pass. */
function pipeline(format: 'yaml' | 'json'): ReadonlyMap<string, string> {
  const targets = [
    { kind: 'Deployment', name: 'ledger', namespace: 'finance' },
    { kind: 'StatefulSet', name: 'journal_db', namespace: 'finance' },
  ];
  const document = changed('spec.targets', targets, complete());
  const input = inputOf(readManifest(document), { ...ASKED, format });
  const files = finishExport(draftExport(input), EMISSION).files.map(
    ({ name, bytes }) => [`out/${name}`, Buffer.from(bytes).toString('utf8')] as const,
  );
  const onboarding = JSON.parse(new Map(files).get('out/onboarding-metadata.json')!);
  const features = onboarding.coverage.gaps.map((id: string) => ({ id }));
  return new Map([
    ['.contextcore.yaml', Buffer.from(manifestBytes(document)).toString('utf8')],
    ...files,
    ['ingestion/plan-ingestion-result.json', JSON.stringify({ features, complexity_score: 55, route: 'artisan' })],
    ['artisan/design-handoff.json', JSON.stringify({ schema_version: '1.0', enriched_seed_path: 'out/onboarding-metadata.json' })],
    ['artisan/finalize-report.json', JSON.stringify({ tasks_total: 3, tasks_succeeded: 3, tasks_failed: 0 })],
    ...Object.keys(onboarding.file_ownership).map((file) => [`artisan/${file}`, '"made"'] as const),
  ]);
}

describe.each(['yaml', 'json'] as const)('an export in %s with one value dropped, changed, retyped or cut short', (format) => {
  const texts = pipeline(format);
  const shown = new Map([...texts].filter(([name]) => !/^artisan\/.*\//.test(name)));

  test('is healthy before', async () => {
    await using workshop = await openWorkshop();
    for (const [name, text] of texts) await workshop.put(name, text);
    const examined = await examine(workshop.root, DIRECTORIES);
    expect(examined.ok && [examined.check.status, ...examined.diagnose.questions.map(({ status }) => status)]).toEqual([
      'healthy',
      'pass',
      'pass',
      'pass',
    ]);
  });

  test('is judged with the place of the fault, never crashes a gate, and is not healthy without what it must say', async () => {
    await using workshop = await openWorkshop();
    const { root, put } = workshop;
    for (const [name, text] of texts) await put(name, text);
    await holds(
      fc.asyncProperty(mutationsOf(shown), async (mutation) => {
        const original = texts.get(mutation.file)!;
        const content = broken(original, mutation);
        const file = path.join(root, mutation.file);
        if (content === null || content === 'directory') await rm(file);
        if (content === 'directory') await mkdir(file);
        else if (content !== null) await put(mutation.file, content);
        const examined = await examine(root, /^(?:ingestion|artisan)\//.test(mutation.file) ? DIRECTORIES : { minCoverage: 10 });
        if (content === 'directory') await rm(file, { recursive: true });
        await put(mutation.file, original);
        const wrong = content === original ? [] : complaints(mutation, examined);
        if (wrong.length > 0) throw new Error(wrong.join('\n'));
        return true;
      }),
      2600,
    );
  }, 120_000);

  test.each(REQUIRED)('is not healthy without %s, and says where it belongs', async (key) => {
    await using workshop = await openWorkshop();
    for (const [name, text] of texts) await workshop.put(name, text);
    const mutation: Mutation = { file: METADATA, kind: 'drop', way: key.split('.') };
    await workshop.put(mutation.file, broken(texts.get(mutation.file)!, mutation) as string);
    const examined = await examine(workshop.root, DIRECTORIES);
    if (!examined.ok) throw new Error(examined.message);
    expect([examined.check.status, examined.diagnose.questions[0]!.status]).toEqual(['unhealthy', 'fail']);
    const integrity = examined.results[0]!;
    expect(integrity.evidence.filter(({ finding, ref, place }) => finding && ref === key && place !== undefined)).toHaveLength(1);
  });
});

/** What is wrong with the answer to a mutation: nothing, as a rule. Gathered without `expect`, which is slow five thousand times. */
function complaints(mutation: Mutation, examined: Examined): readonly string[] {
  const { file, kind } = mutation;
  if (!examined.ok) {
    // Only the metadata itself can end the look, and the sentence names it.
    const isTold = file === METADATA && kind === 'remove' && examined.message.includes('onboarding-metadata.json');
    return isTold ? [] : [`no look: ${examined.message}`];
  }
  const { results, check, diagnose } = examined;
  checkText(check);
  diagnoseText(diagnose);
  JSON.stringify([check, diagnose]);
  const found = results.flatMap(({ evidence }) => evidence.filter(({ finding }) => finding));
  const isHashed = /(?:artifact-manifest|projectcontext)\.(?:yaml|json)$|^\.contextcore\.yaml$/.test(file);
  // A manifest that is gone may lie elsewhere: it is only not verified.
  const mustFail = isHashed ? file.startsWith('out/') || kind !== 'remove' : file === METADATA && (isGone(mutation) || isFalse(mutation));
  const refs = new Set(results[0]!.evidence.filter(({ finding }) => finding).map(({ ref }) => ref));
  return [
    ...results.filter(({ outcome }) => outcome === 'crashed').map(({ reason }) => reason),
    ...results.flatMap(withoutPlace),
    ...(mustFail && check.is_healthy ? ['healthy'] : []),
    ...(mustFail && diagnose.questions[0]?.status !== 'fail' ? ['the first question passes'] : []),
    ...(isHashed && found.length === 0 ? ['nothing found'] : []),
    ...(file === METADATA && isGone(mutation) && !refs.has(mutation.way.join('.') || REQUIRED[0]!) ? ['the missing key is not named'] : []),
  ];
}

/** A failure, and a pass with a warning, says what it is about and where. */
function withoutPlace({ gate, outcome, severity, evidence }: GateResult): readonly string[] {
  if (outcome !== 'fail' && severity !== 'warning') return [];
  const told = evidence.filter(({ finding, advice }) => finding || advice);
  if (told.length === 0) return [`${gate} fails without evidence`];
  return told.filter(({ place }) => place === undefined || place.line < 1).map(({ ref }) => `${gate}: ${ref} has no place`);
}

/** Whether a fact is gone that an export must have: its key, or everything above it. */
function isGone({ kind, way }: Mutation): boolean {
  return kind === 'drop' && (way.length === 0 || REQUIRED.includes(way.join('.')));
}

/**
 * Whether such a fact is there, but cannot be true: of another type, cut short, or another value where only one is right. Null counts as given, and an empty
 * list of gaps as none (spec/gates.md §2.4), as the reference has it.
 */
function isFalse({ kind, way, value }: Mutation): boolean {
  const [first, second] = way;
  if (kind === 'drop') return first === 'coverage' && second === 'gaps' && way.length === 3;
  if (kind !== 'set' && kind !== 'shorten') return false;
  const isShort = kind === 'shorten';
  if (way.length === 1 && /_checksum$/.test(first!)) return isShort || (value !== null && value !== '');
  if (way.length === 1 && /^(?:artifact_manifest|project_context)_path$/.test(first!)) return isShort || (value !== null && value !== '');
  if (way.length === 1 && first === 'coverage') return !isShort && (typeof value !== 'object' || value === null || Array.isArray(value));
  if (way.length === 1 && first === 'project_id') return !isShort && (typeof value !== 'string' || value.trim() === '');
  if (first !== 'coverage' || second !== 'gaps') return false;
  return isShort || way.length === 3 || !(Array.isArray(value) && value.length === 0);
}
