import { chmod, lstat, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseYaml, stringify } from 'yaml';
import { migrate } from '../../src/commands/migrate.ts';
import { validate } from '../../src/commands/validate.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const FILE = '.contextcore.yaml';
const V1 = `# Who owns this: the ledger team
apiVersion: contextcore.io/v1alpha1
kind: ContextManifest
version: "1.1" # keep quoted
metadata:
  name: ledger # as in the registry
  lastUpdated: 2026-01-02T03:04:05Z
  links: {repo: "https://git.example.com/ledger"}
spec:
  project: {id: ledger}
  # two kinds of one service
  targets:
  - {kind: Deployment, name: ledger}
  - {kind: Service, name: ledger}
  service_communication_graph:
    services:
      ledger: {protocol: grpc}
objectives:
- id: OBJ-1
  description: stay up
  metric: availability
  target: 99.9%
strategies:
# the one that counts
- id: STRAT-1
  description: first reads
  rationale: cheap # for now
  objectiveRefs: [OBJ-1]
  tactics:
  - id: TAC-1 # started
    description: cache
insights:
- type: finding
  summary: slow
  confidence: 0.5
  source: agent
`;

function said(text: string): Manifest {
  const parsed = parseManifest(Buffer.from(text), FILE);
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join('\n'));
  return JSON.parse(JSON.stringify(parsed.manifest));
}

const withoutNote = (manifest: Manifest) => ({
  ...manifest,
  metadata: { ...manifest.metadata, changelog: manifest.metadata.changelog.slice(0, -1) },
});

describe('migrate', () => {
  test('prints a v2 manifest that says what the v1.1 manifest said (I1, I2, I3)', async () => {
    const root = await folder({ [FILE]: V1 });
    const { code, out } = await type(migrate, root, '--path', FILE);
    expect(code).toBe(0);
    expect(withoutNote(said(out))).toEqual(said(V1));
    expect(parseManifest(Buffer.from(out), FILE)).toMatchObject({ ok: true, version: 'v2' });
    expect(said(out).strategy.strategyGroups).toMatchObject([{ id: 'STRAT-1', objective_refs: ['OBJ-1'], tactics: ['TAC-1'] }]);
    expect(await readFile(join(root, FILE), 'utf8')).toBe(V1);
  });

  test('writes both targets of one service down, and the graph that is read as written', async () => {
    const root = await folder({ [FILE]: V1 });
    const { out } = await type(migrate, root, '--path', FILE);
    const { spec } = parseYaml(out);
    expect(spec.targets).toHaveLength(2);
    expect(spec.service_communication_graph).toEqual({ services: { ledger: { protocol: 'grpc' } } });
  });

  test('keeps comments where they speak of what they stood beside', async () => {
    const root = await folder({ [FILE]: V1 });
    const { out, err } = await type(migrate, root, '--path', FILE);
    for (const comment of ['# as in the registry', '# two kinds of one service', '# the one that counts', '# for now', '# started'])
      expect(out).toContain(comment);
    expect(out.split('\n')[0]).toBe('# Who owns this: the ledger team');
    expect(out).toContain('rationale: cheap # for now');
    expect(out.trimEnd().split('\n').at(-1)).toBe('# keep quoted');
    expect(err).toBe('');
  });

  test('puts the note, the day and the version into the changelog', async () => {
    const root = await folder({ [FILE]: V1 });
    const { out } = await type(migrate, root, '--path', FILE, '--note', 'asked for by SRE');
    expect(said(out).metadata.changelog).toEqual([
      { date: '2026-01-15', version: '2.0', actor: 'agent:contextcore-migrate', summary: expect.stringMatching(/^asked for by SRE; /) },
    ]);
  });

  test('leaves comments behind, and says so, where anchors tie the text together', async () => {
    const tied = V1.replace('{id: ledger}', '&p {id: ledger} # anchored').replace(
      'agent\n',
      'agent\n  impact: &i bad\n  recommendedActions: [*i]\n',
    );
    const root = await folder({ [FILE]: tied });
    const { out, err } = await type(migrate, root, '--path', FILE);
    expect(withoutNote(said(out))).toEqual(said(tied));
    expect(out).not.toContain('#');
    expect(err).toContain('Comments were not kept');
  });

  test('does not let keys that v1.1 passes over come to life', async () => {
    const odd = V1.replace('- id: TAC-1 # started', '- id: TAC-1\n    dependsOn: TAC-9').replace(
      'insights:',
      'guidance: {questions: [{id: Q, question: why}]}\nstate: {syncStatus: x}\ninsights:',
    );
    const root = await folder({ [FILE]: odd });
    const { out } = await type(migrate, root, '--path', FILE);
    expect(withoutNote(said(out))).toEqual(said(odd));
  });

  test('replaces in place, keeping the old manifest as .v1.yaml.bak, and its mode', async () => {
    const root = await folder({ [FILE]: V1 });
    await chmod(join(root, FILE), 0o640);
    expect((await type(migrate, root, '--path', FILE, '--in-place')).code).toBe(0);
    expect((await readdir(root)).sort()).toEqual(['.contextcore.v1.yaml.bak', FILE]);
    expect(await readFile(join(root, '.contextcore.v1.yaml.bak'), 'utf8')).toBe(V1);
    expect((await stat(join(root, FILE))).mode & 0o777).toBe(0o640);
    expect(JSON.parse((await type(validate, root, '--path', FILE, '--format', 'json')).out)).toMatchObject({
      valid: true,
      version: 'v2',
      warnings: [{ code: 'merged-targets' }],
    });
  });

  test('follows a link to the manifest instead of replacing the link', async () => {
    const root = await folder({ 'deep/real.yaml': V1 });
    await symlink('deep/real.yaml', join(root, FILE));
    await type(migrate, root, '--path', FILE, '--in-place');
    expect((await lstat(join(root, FILE))).isSymbolicLink()).toBe(true);
    expect(said(await readFile(join(root, 'deep/real.yaml'), 'utf8')).apiVersion).toBe('contextcore.io/v1alpha2');
  });

  test('writes to --output, and with --dry-run nowhere', async () => {
    const root = await folder({ [FILE]: V1 });
    expect((await type(migrate, root, '--path', FILE, '--output', 'sub/v2.yaml')).out).toBe('');
    expect(said(await readFile(join(root, 'sub/v2.yaml'), 'utf8')).metadata.name).toBe('ledger');
    const dry = await type(migrate, root, '--path', FILE, '--in-place', '--output', 'other.yaml', '--dry-run');
    expect(dry.out).toContain('contextcore.io/v1alpha2');
    expect((await readdir(root)).sort()).toEqual([FILE, 'sub']);
  });

  test('refuses a v2 manifest and an invalid one with exit 1, and a missing one as usage', async () => {
    const v2 = (await type(migrate, await folder({ [FILE]: V1 }), '--path', FILE)).out;
    const root = await folder({ 'v2.yaml': v2, 'bad.yaml': V1.replace('OBJ-1]', 'OBJ-2]') });
    expect(await type(migrate, root, '--path', 'v2.yaml')).toMatchObject({ code: 1, out: '' });
    const bad = await type(migrate, root, '--path', 'bad.yaml', '--in-place');
    expect([bad.code, bad.err]).toEqual([1, expect.stringContaining('bad.yaml:28')]);
    expect(await readdir(root)).toHaveLength(2);
    await expect(type(migrate, root, '--path', 'none.yaml')).rejects.toThrow('none.yaml does not exist');
    await expect(type(migrate, root)).rejects.toThrow('--path');
  });

  test('upgrades a layout from before 1.1', async () => {
    const legacy = 'version: "1.0" # old\nproject: {id: shop}\ntargets: [{kind: Job, name: nightly}]\n';
    const root = await folder({ [FILE]: legacy });
    const { code, out } = await type(migrate, root, '--path', FILE);
    expect([code, withoutNote(said(out))]).toEqual([0, said(legacy)]);
  });

  test('says the same for any v1.1 manifest, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(v1Manifests, fc.boolean(), fc.integer({ min: 1, max: 4 }), async (document, indentSeq, indent) => {
        const text = stringify(document, { version: '1.1', indentSeq, indent: indent * 2 });
        const before = said(text);
        const dir = await folder({ [FILE]: text });
        const { code, out } = await type(migrate, dir, '--path', FILE);
        expect(code).toBe(0);
        expect(withoutNote(said(out))).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('yes', '1e3', '0x1F', '# no comment', 'a: b', '*x', "it's", 'zwei\nZeilen\n', ' blank ', 'é✓', '2026-01-01'),
);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const idOf = (prefix: string) => fc.integer({ min: 1, max: 99 }).map((number) => `${prefix}-${number}`);
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const tactic = fc.record(
  {
    id: idOf('TAC'),
    description: word,
    status: fc.constantFrom('planned', 'done', 'in_review'),
    owner: word,
    progress: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: ['id', 'description'] },
);
const strategy = fc.record(
  {
    id: idOf('STRAT'),
    description: word,
    rationale: word,
    horizon: fc.constantFrom('now', 'next', 'later'),
    objectiveRefs: fc.constantFrom([], ['OBJ-0']),
    tactics: some(tactic),
  },
  { requiredKeys: ['id', 'description', 'rationale'] },
);
const insight = fc.record(
  {
    id: idOf('INS'),
    type: word,
    summary: word,
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    source: word,
    evidence: some(fc.record({ type: word, ref: word })),
  },
  { requiredKeys: ['type', 'summary', 'confidence', 'source'] },
);
const v1Manifests = fc.record(
  {
    apiVersion: fc.constant('contextcore.io/v1alpha1'),
    kind: word.filter((kind) => kind !== ''),
    version: fc.constant('1.1'),
    metadata: fc.record(
      {
        name,
        links: fc.dictionary(word, word, { maxKeys: 3 }),
        owners: some(fc.record({ team: word })),
        lastUpdated: fc.constant('2026-01-02T03:04:05Z'),
      },
      { requiredKeys: ['name'] },
    ),
    spec: fc.record(
      {
        project: fc.record({ id: name, epic: word, tasks: some(word) }, { requiredKeys: ['id'] }),
        targets: fc.uniqueArray(fc.record({ kind: fc.constantFrom('Deployment', 'Service'), name }), {
          minLength: 1,
          maxLength: 3,
          selector: (target) => target.name,
        }),
        requirements: fc.record(
          { availability: fc.constantFrom('99.9', ' 99 '), latencyP99: fc.constantFrom('200MS', '1s') },
          { requiredKeys: [] },
        ),
        risks: some(fc.record({ type: fc.constantFrom('security', 'availability'), description: word }, { requiredKeys: ['type'] })),
      },
      { requiredKeys: ['project', 'targets'] },
    ),
    objectives: some(fc.record({ id: idOf('OBJ'), description: word, metric: word }, { requiredKeys: ['id', 'description'] })).map(
      (list) => [{ id: 'OBJ-0', description: 'd' }, ...list],
    ),
    strategies: some(strategy),
    insights: some(insight),
  },
  { requiredKeys: ['apiVersion', 'metadata', 'spec', 'objectives'] },
);
