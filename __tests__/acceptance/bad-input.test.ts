import { chmod, cp, mkdir } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { snapshot, type Workspace, workspace } from '../cli/export-tasks.ts';
import { SHOP } from '../cli/manifests.ts';

/** An input that cannot be followed. `says` is what its sentence must name. */
interface Bad {
  readonly name: string;
  readonly manifest: string | Uint8Array | ((place: Workspace) => Promise<unknown>);
  readonly code: 1 | 2;
  readonly says: RegExp;
  readonly beside?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SHOP, 'utf16le')]);
const aliases = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`).join('\n')}\n`;
const changed = (from: string, to: string) => {
  if (!SHOP.includes(from)) throw new Error(`the shop has no ${from}`);
  return SHOP.replace(from, to);
};

const FILES: readonly Bad[] = [
  { name: 'a manifest that is not there', manifest: async () => undefined, code: 2, says: /\.contextcore\.yaml does not exist/ },
  { name: 'a directory', manifest: (place) => mkdir(place.at('.contextcore.yaml')), code: 2, says: /\.contextcore\.yaml is a directory/ },
  { name: 'an empty manifest', manifest: '', code: 1, says: /empty/ },
  { name: 'blanks only', manifest: ' \n\n', code: 1, says: /empty/ },
  { name: 'a comment only', manifest: '# to do\n', code: 1, says: /empty/ },
  { name: 'bytes that are no text', manifest: Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x0a, 0x01]), code: 1, says: /UTF-8/ },
  { name: 'a picture', manifest: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), code: 1, says: /UTF-8/ },
  { name: 'UTF-16', manifest: utf16, code: 1, says: /UTF-16|UTF-8/ },
  {
    name: '50 MB of comments',
    manifest: Buffer.alloc(50 * 1024 * 1024, '# nothing to see here, move on\n'),
    code: 1,
    says: /bytes|MB|MiB|large/,
  },
  { name: 'aliases that grow without end', manifest: SHOP + aliases, code: 1, says: /alias/i },
  { name: 'a depth without end', manifest: `${SHOP}deep: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, code: 1, says: /deep|depth|nest/i },
  { name: 'two documents', manifest: `${SHOP}---\n${SHOP}`, code: 1, says: /document/ },
  { name: 'what is no YAML', manifest: 'a: [1, 2\nb: }\n', code: 1, says: /\.contextcore\.yaml:\d+/ },
  { name: 'tabs', manifest: 'metadata:\n\tname: x\n', code: 1, says: /tab/i },
  {
    name: 'duplicate keys',
    manifest: changed('  name: shop\n', '  name: shop\n  name: shop\n'),
    code: 1,
    says: /name.*(twice|again|already|duplicate)/i,
  },
  { name: 'a list', manifest: '- a\n- b\n', code: 1, says: /list/ },
  { name: 'a single word', manifest: 'hello\n', code: 1, says: /hello|mapping/ },
  { name: 'a tag that would run code', manifest: 'a: !!python/object/apply:os.system ["id"]\n', code: 1, says: /python|tag/ },
];

const TYPES: readonly Bad[] = [
  {
    name: 'metadata as a list',
    manifest: changed('  name: shop\n', '  - name: shop\n').replace(/ {2}owners:[\s\S]*?spec:/, 'spec:'),
    code: 1,
    says: /metadata/,
  },
  { name: 'spec as text', manifest: SHOP.replace(/spec:[\s\S]*?strategy:/, 'spec: soon\nstrategy:'), code: 1, says: /spec .*soon/ },
  {
    name: 'targets as a mapping',
    manifest: SHOP.replace(/ {2}targets:[\s\S]*? {2}observability:/, '  targets: {cart: Deployment}\n  observability:'),
    code: 1,
    says: /spec\.targets/,
  },
  {
    name: 'a target as a word',
    manifest: changed('    - kind: Deployment\n      name: cart\n      namespace: commerce\n', '    - cart\n'),
    code: 1,
    says: /spec\.targets\.1/,
  },
  {
    name: 'a target of no kind we know',
    manifest: changed('kind: Deployment\n      name: cart', 'kind: Deploymnt\n      name: cart'),
    code: 1,
    says: /Deploymnt[\s\S]*Deployment/,
  },
  { name: 'a number for a name', manifest: changed('name: cart', 'name: 12'), code: 1, says: /spec\.targets\.1\.name/ },
  { name: 'true for a name', manifest: changed('name: cart', 'name: true'), code: 1, says: /spec\.targets\.1\.name/ },
  {
    name: 'null for the project',
    manifest: SHOP.replace(/ {2}project:\n {4}id: shop\n {4}description: A shop\n/, '  project: null\n'),
    code: 1,
    says: /spec\.project/,
  },
  { name: 'a mapping for a project id', manifest: changed('    id: shop\n', '    id: {a: b}\n'), code: 1, says: /spec\.project\.id/ },
  { name: 'a criticality that is none', manifest: changed('criticality: high', 'criticality: hihg'), code: 1, says: /hihg[\s\S]*high/ },
  { name: 'an availability beyond 100', manifest: changed('"99.9"', '"199.9"'), code: 1, says: /199\.9/ },
  { name: 'a latency without a unit', manifest: changed('200ms', 'fast'), code: 1, says: /fast/ },
  { name: 'a list for a latency', manifest: changed('latencyP99: 200ms', 'latencyP99: [200ms]'), code: 1, says: /latencyP99/ },
  { name: 'a trace sampling of 7', manifest: changed('traceSampling: 0.1', 'traceSampling: 7'), code: 1, says: /traceSampling/ },
  {
    name: 'channels as a word',
    manifest: changed("alertChannels:\n      - '#shop-alerts'", 'alertChannels: shop-alerts'),
    code: 1,
    says: /alertChannels/,
  },
  {
    name: 'questions as a mapping',
    manifest: SHOP.replace(/ {2}questions:[\s\S]*$/, '  questions: {a: b}\n'),
    code: 1,
    says: /guidance\.questions/,
  },
  { name: 'an objective that is not there', manifest: changed('[OBJ-1]', '[OBJ-9]'), code: 1, says: /OBJ-9/ },
  { name: 'colliding artifact ids', manifest: changed('name: cart', 'name: checkout_api'), code: 1, says: /checkout[-_]api/ },
  {
    name: 'a name that leaves the directory',
    manifest: changed('name: cart', 'name: ../../etc/cron'),
    code: 1,
    says: /\.\.\/\.\.\/etc\/cron/,
  },
];

const BESIDE: readonly Bad[] = [
  {
    name: 'a task mapping that is a list',
    manifest: SHOP,
    beside: { 'tasks.json': '["a"]' },
    args: ['--task-mapping', 'tasks.json'],
    code: 2,
    says: /tasks\.json/,
  },
  {
    name: 'a task mapping that is no JSON',
    manifest: SHOP,
    beside: { 'tasks.json': '{' },
    args: ['--task-mapping', 'tasks.json'],
    code: 2,
    says: /tasks\.json/,
  },
  {
    name: 'a task mapping that is not there',
    manifest: SHOP,
    args: ['--task-mapping', 'none.json'],
    code: 2,
    says: /none\.json does not exist/,
  },
  {
    name: 'service metadata that is a list',
    manifest: SHOP,
    beside: { 'services.json': '[]' },
    args: ['--service-metadata', 'services.json'],
    code: 2,
    says: /services\.json/,
  },
  {
    name: 'service metadata that is no JSON',
    manifest: SHOP,
    beside: { 'services.json': 'cart: grpc' },
    args: ['--service-metadata', 'services.json'],
    code: 2,
    says: /services\.json/,
  },
  {
    name: 'service metadata that is a directory',
    manifest: SHOP,
    beside: { 'services/a': '' },
    args: ['--service-metadata', 'services'],
    code: 2,
    says: /services is a directory/,
  },
  {
    name: 'a policy with a misspelt key',
    manifest: SHOP,
    beside: { '.contextcore-quality.yaml': 'waviers: []\n' },
    code: 1,
    says: /waviers[\s\S]*waivers/,
  },
  {
    name: 'a policy that is a list',
    manifest: SHOP,
    beside: { '.contextcore-quality.yaml': '- a\n' },
    code: 1,
    says: /\.contextcore-quality\.yaml/,
  },
  {
    name: 'a policy with a level that is none',
    manifest: SHOP,
    beside: { '.contextcore-quality.yaml': 'gates: {checksum-chain: loud}\n' },
    code: 1,
    says: /loud/,
  },
  { name: 'a policy that is not there', manifest: SHOP, args: ['--config', 'none.yaml'], code: 2, says: /none\.yaml does not exist/ },
  { name: 'a tree to scan that is not there', manifest: SHOP, args: ['--scan-existing', 'none'], code: 2, says: /none/ },
];

const OUT = 'contextcore-export';
const before = await workspace({ '.contextcore.yaml': SHOP });
await before.run(['run']);
afterAll(() => before[Symbol.asyncDispose]());
const OLD = snapshot(before.at(OUT));

describe.each([
  ['the file', FILES],
  ['types', TYPES],
  ['files beside it', BESIDE],
])('%s', (_, rows) => {
  test.concurrent.each(rows)(
    'run and export tell of $name in a sentence and leave the old export as it was',
    async ({ manifest, beside = {}, args = [], code, says }) => {
      await using place = await workspace(beside);
      await old(place);
      await put(place, manifest);
      const run = await place.run(['run', ...args]);
      const said = [run.stdout + run.stderr];
      expect(run.code).toBe(code);
      // Both commands read through one door, so the second is asked where reading itself is at stake.
      if (rows !== TYPES) {
        const exported = await place.run(['export', '-p', '.contextcore.yaml', '-o', OUT, ...args]);
        expect(exported).toMatchObject({ code, stdout: '' });
        said.push(exported.stderr);
      }
      for (const text of said) {
        expect(unfolded(text)).toMatch(says);
        expect(text).not.toMatch(/wrong on our side|\n {4}at |node:internal|ZodError/);
      }
      expect(snapshot(place.at(OUT))).toEqual(OLD);
    },
  );
});

test.concurrent.each(FILES.filter(({ code }) => code === 1))(
  'validate answers for $name in one JSON document, exit 1',
  async ({ manifest }) => {
    await using place = await workspace();
    await put(place, manifest);
    const { code, stdout, stderr } = await place.run(['validate', '-p', '.contextcore.yaml', '-f', 'json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout).errors[0]).toMatchObject({
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringMatching(/\.$/),
    });
  },
);

describe('what is only unusual', () => {
  test.concurrent.each([
    ['a byte order mark', '\ufeff' + SHOP],
    ['CRLF', SHOP.replaceAll('\n', '\r\n')],
    ['no line break at the end', SHOP.trimEnd()],
    ['a document that is marked as one', `---\n${SHOP}...\n`],
    [
      'a few aliases',
      SHOP.replace('  targets:\n    - kind: Deployment', '  targets:\n    - kind: &kind Deployment').replace(
        '- kind: Deployment\n      name: cart',
        '- kind: *kind\n      name: cart',
      ),
    ],
  ])('%s is no fault, and the contract is the same', async (_, manifest) => {
    await using place = await workspace({ '.contextcore.yaml': manifest });
    const { code, stdout } = await place.run(['run', '--format', 'json']);
    const [entry] = JSON.parse(stdout).entries;
    expect({ code, faults: entry.faults, artifacts: entry.artifacts.length }).toEqual({ code: 0, faults: [], artifacts: 15 });
    expect(entry.artifacts.map(({ id, status }: any) => `${id} ${status}`)).toEqual(
      (await before.json(`${OUT}/export-tasks-report.json`)).entries[0].artifacts.map(({ id, status }: any) => `${id} ${status}`),
    );
  });
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test.skip : test)(
  `a manifest that this user may not read is an I/O fault${isRoot ? ' (skipped: root may read everything)' : ''}`,
  async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await chmod(place.at('.contextcore.yaml'), 0);
    const { code, stdout } = await place.run(['run']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('may not be read') });
  },
);

async function old(place: Workspace): Promise<void> {
  await cp(before.at(OUT), place.at(OUT), { recursive: true });
}

async function put(place: Workspace, manifest: Bad['manifest']): Promise<void> {
  if (typeof manifest === 'function') await manifest(place);
  else await place.write({ '.contextcore.yaml': manifest });
}

/** Text as one line, wherever the terminal broke it. */
function unfolded(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
