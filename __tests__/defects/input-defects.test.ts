import { afterAll, describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { removeFolders } from '../commands/terminal.ts';
import { changed, codes, completeV1, faultsOf, minimal, parse, parseDoc, write } from '../manifest/samples.ts';
import { exported, workspace } from './exported.ts';

// The rows of spec/manifest.md §16 that no other suite names.

afterAll(removeFolders);

describe('reading a manifest', () => {
  test.each([
    ['spec.requirements.availability', 99.9],
    ['spec.requirements.latencyP99', 200],
    ['spec.requirements.throughput', 1000],
  ])('I7: an unquoted number in %s is a fault of that field', (path, value) => {
    expect(codes(faultsOf(parseDoc(changed(path, value))))).toEqual([`wrong-type ${path}`]);
  });

  test.each([
    ['an unquoted version', 'apiVersion: x\nversion: 2.0\n', 'wrong-type version'],
    ['an empty file', '', 'empty-document '],
    ['a list', '- a\n', 'not-a-mapping '],
    ['a root key that is no text', `${write(minimal())}1: x\n`, 'non-text-key 1'],
  ])('I7: %s is a fault', (_, text, code) => {
    expect(codes(faultsOf(parse(text)))).toEqual([code]);
  });

  test('I8: an unknown field is a warning with its line and the field that was meant', () => {
    const { warnings } = parseDoc(changed('spec.requirement', { availability: '99.9' }));
    expect(warnings).toEqual([expect.objectContaining({ code: 'unknown-key', path: 'spec.requirement', suggestion: 'requirements' })]);
    expect(warnings[0]!.place.line).toBeGreaterThan(1);
  });

  test.each([
    ['spec.project.id', ''],
    ['metadata.name', ''],
    ['spec.targets.0.name', ''],
  ])('I10: an empty %s is a fault', (path, value) => {
    expect(codes(faultsOf(parseDoc(changed(path, value))))).toEqual([`blank-name ${path}`]);
  });

  test('I10: repeated ids, unusual ids and references to nothing are warnings with the line', () => {
    const strategy = {
      objectives: [
        { id: 'OBJ-1', description: 'o' },
        { id: 'OBJ-1', description: 'o' },
      ],
      tactics: [{ id: 'first', description: 't', dependsOn: 'TAC-9', satisfies: ['nothing'] }],
    };
    const document = changed('spec.risks', [{ type: 'security', mitigation: 'TAC-7' }], changed('strategy', strategy));
    const parsed = parseDoc(document);
    expect([parsed.ok, [...codes(parsed.warnings)].sort()]).toEqual([
      true,
      [
        'dangling-reference spec.risks.0.mitigation',
        'dangling-reference strategy.tactics.0.dependsOn',
        'dangling-reference strategy.tactics.0.satisfies.0',
        'repeated-id strategy.objectives.1.id',
        'unusual-id strategy.tactics.0.id',
      ],
    ]);
  });

  test('I11: dates with and without a zone are compared', () => {
    const dated = (startDate: string, completedDate: string) => {
      const document = completeV1();
      Object.assign(document.strategies[0].tactics[0], { startDate, completedDate });
      return codes(faultsOf(parseDoc(document)));
    };
    expect(dated('2026-01-01T10:00:00', '2026-01-01T12:00:00+01:00')).toEqual([]);
    expect(dated('2026-01-01T10:00:00', '2026-01-01T10:00:00+01:00')).toEqual(['date-order strategies.0.tactics.0.completedDate']);
  });

  test('I12: a blocked tactic without a reason is one fault, told once', () => {
    const document = changed('strategy', { tactics: [{ id: 'TAC-1', description: 't', status: 'blocked' }] });
    expect(codes(faultsOf(parseDoc(document)))).toEqual(['missing-reason strategy.tactics.0.blockedReason']);
  });
});

describe('a policy', () => {
  test.each(['- a\n', 'a: [', 'scan_path_allowlist: null', 'strict_quality_default: "false"', 'strict_qualty_default: true'])(
    'I13: %j is a fault, and the export does not go on as if it were none',
    async (text) => {
      expect(parsePolicy(Buffer.from(text), 'policy.yaml').ok).toBe(false);
      const made = await exported(workspace(minimal(), { '.contextcore-quality.yaml': text }));
      expect([made.code, made.exists, made.err]).toEqual([1, false, expect.stringContaining('.contextcore-quality.yaml')]);
    },
  );

  test.each([
    ['mysrcfoo', 'scan_path_allowlist knows only'],
    ['src/docs', 'documentation'],
  ])('I14: strict quality compares whole segments of the scan path, so %s is refused', async (scan, why) => {
    const made = await exported(workspace(minimal(), { [`${scan}/x`]: '' }), '--strict-quality', '--scan-existing', scan);
    expect([made.code, made.err]).toEqual([1, expect.stringContaining(why)]);
  });

  test('I15: document_write_strategy_default takes effect, and the flag goes before it', async () => {
    const files = workspace(minimal(), { '.contextcore-quality.yaml': 'document_write_strategy_default: new_output' });
    const isBackup = (name: string) => name.endsWith('.bak');
    expect((await (await exported(files)).again()).names.filter(isBackup)).toEqual([]);
    const kept = await (await exported(files)).again('--document-write-strategy', 'update_existing');
    expect(kept.names.filter(isBackup)).not.toEqual([]);
  });
});
