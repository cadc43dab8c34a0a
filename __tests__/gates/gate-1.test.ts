import { afterAll, describe, expect, test } from '@jest/globals';
import type { Gate, GateResult } from '../../src/gatekeeper/gate.ts';
import { gate1 } from '../../src/gates/index.ts';
import { artifactManifest, type Change, judge, type Loose, type Opening, open, removeFolders, run, sha256, told } from './export-folder.ts';

afterAll(removeFolders);

const gates = new Map(gate1.map((gate) => [gate.key, gate]));
const gateOf = (key: string): Gate => gates.get(key)!;

type Case = readonly [title: string, change: Change, expected: string, ...evidence: string[]];
const FAIL = 'fail/error/blocking';
const WEAK = 'fail/warning';
const WARN = 'pass/warning';

function answer(result: GateResult): string {
  if (result.outcome === 'skipped') return `skipped/${result.skipCode}`;
  return `${result.outcome}/${result.severity}${result.blocking ? '/blocking' : ''}`;
}

function table(key: string, cases: readonly Case[], opening: Opening = {}): void {
  describe(key, () => {
    test.each(cases)('%s', async (_title, change, expected, ...evidence) => {
      const result = await judge(gateOf(key), { ...opening, change });
      expect([answer(result), ...told(result)]).toEqual([expected, ...evidence]);
    });
  });
}

const edit =
  (change: (onboarding: Loose) => void): Change =>
  ({ onboarding }) =>
    change(onboarding);

table('structural-integrity', [
  ['confirms a whole export', () => {}, 'pass/info', 'structure_verified:onboarding-metadata.json'],
  [
    'names every missing field in the order of the list',
    edit((o) => {
      delete o.version;
      delete o.generated_at;
    }),
    FAIL,
    'missing_field:version',
    'missing_field:generated_at',
  ],
  [
    'looks into coverage',
    edit((o) => (o.coverage = { byType: {} })),
    FAIL,
    'missing_field:coverage.totalRequired',
    'missing_field:coverage.gaps',
  ],
  ['takes an empty coverage object for given', edit((o) => (o.coverage = {})), 'pass/info', 'structure_verified:onboarding-metadata.json'],
  [
    'takes null for given',
    edit((o) => (o.version = o.generated_at = o.source_checksum = null)),
    'pass/info',
    'structure_verified:onboarding-metadata.json',
  ],
  [
    'G-12: keeps the remark on an unexpected schema when it passes',
    edit((o) => (o.schema = 'example.com/v9')),
    WARN,
    'structure_verified:onboarding-metadata.json',
    'unexpected_schema:schema',
  ],
  [
    'puts the remark on the schema after the missing fields',
    edit((o) => {
      o.schema = 'example.com/v9';
      delete o.version;
    }),
    FAIL,
    'missing_field:version',
    'unexpected_schema:schema',
  ],
  [
    'warns of a missing section of a full export',
    edit((o) => delete o.derivation_rules),
    WARN,
    'structure_verified:onboarding-metadata.json',
    'missing_section:derivation_rules',
  ],
  [
    'takes a section that a profile leaves out for absent (D2)',
    edit((o) => {
      o.generation_profile = 'source';
      o.derivation_rules = { _omitted: 'profile=source' };
      delete o.expected_output_contracts;
    }),
    'pass/info',
    'structure_verified:onboarding-metadata.json',
  ],
  [
    'warns of a named file that is not there',
    edit((o) => (o.crd_reference = 'gone.yaml')),
    WARN,
    'structure_verified:onboarding-metadata.json',
    'missing_reference:gone.yaml',
  ],
  ['D15: takes a null project id for a missing one', edit((o) => (o.project_id = null)), FAIL, 'missing_field:project_id'],
  ['G-9: reports an empty project id', edit((o) => (o.project_id = '')), FAIL, 'malformed_input:/project_id'],
  ['G-9: reports a coverage that is no object', edit((o) => (o.coverage = ['gaps'])), FAIL, 'malformed_input:/coverage'],
  ['G-9: reports a null coverage', edit((o) => (o.coverage = null)), FAIL, 'malformed_input:/coverage'],
  [
    'G-9: reports a null overall coverage',
    edit((o) => (o.coverage.overallCoverage = null)),
    FAIL,
    'malformed_input:/coverage/overallCoverage',
  ],
  ['D17: does not count true as a number', edit((o) => (o.coverage.totalRequired = true)), FAIL, 'malformed_input:/coverage/totalRequired'],
  ['G-9: reports a schema that is no text', edit((o) => (o.schema = 7)), FAIL, 'malformed_input:/schema'],
  ['reports metadata that is a list', (f) => (f.onboarding = [1]), FAIL, 'malformed_input:/'],
  ['D11: reports NaN as no JSON', (f) => (f.onboarding = '{"version": NaN}'), FAIL, 'malformed_input:/'],
  [
    'reports an artifact manifest that lists nothing',
    (f) => (f.artifactManifest = 'hello: world\n'),
    FAIL,
    'malformed_input:/artifact_manifest_path',
  ],
]);

table('checksum-chain', [
  ['confirms three equal checksums', () => {}, 'pass/info', 'checksum_verified:all'],
  [
    'G-7: warns of a checksum that was not verified',
    edit((o) => (o.source_path_relative = 'manifest.spec.requirements.throughput')),
    WARN,
    'checksum_verified:all',
    'checksum_unverified:source_checksum',
  ],
  [
    'does not pass when nothing could be compared',
    edit((o) => (o.source_path_relative = o.artifact_manifest_path = o.project_context_path = '')),
    'skipped/not_verifiable',
  ],
  [
    'G-27: fails when a named file of the export is missing',
    (f) => (f.onboarding.artifact_manifest_path = 'gone.yaml'),
    FAIL,
    'checksum_missing:artifact_manifest_checksum',
  ],
  [
    'takes no file outside the export directory',
    (f) => (f.onboarding.project_context_path = '../.contextcore.yaml'),
    FAIL,
    'checksum_missing:project_context_checksum',
  ],
  [
    'G-9: reports a directory in place of the source',
    (f) => {
      f.onboarding.source_path_relative = 'src';
      f.more['src'] = 'directory';
    },
    FAIL,
    'malformed_input:/source_path_relative',
  ],
  ['D17: reports a checksum that is no text', edit((o) => (o.source_checksum = 12)), FAIL, 'malformed_input:/source_checksum'],
]);

describe('checksum-chain, after the export', () => {
  test.each([
    ['sees a changed manifest', (f) => (f.manifest += '# new\n'), ['checksum_mismatch:source_checksum']],
    [
      'D8: sees changed line ends',
      (f) => (f.artifactManifest = f.artifactManifest.replaceAll('\n', '\r\n')),
      ['checksum_mismatch:artifact_manifest_checksum'],
    ],
    [
      'names both files that changed, in order',
      (f) => (f.projectContext = f.artifactManifest += '# new\n'),
      ['checksum_mismatch:artifact_manifest_checksum', 'checksum_mismatch:project_context_checksum'],
    ],
  ] satisfies readonly (readonly [string, Change, readonly string[]])[])('%s', async (_title, after, evidence) => {
    const result = await judge(gateOf('checksum-chain'), { after });
    expect([answer(result), ...told(result)]).toEqual([FAIL, ...evidence]);
  });

  test('tells a prefix and upper case from a change', async () => {
    const prefixed = await judge(gateOf('checksum-chain'), {
      after: ({ onboarding }) => (onboarding.source_checksum = `sha256:${onboarding.source_checksum}`),
    });
    const upper = await judge(gateOf('checksum-chain'), {
      after: ({ onboarding }) => (onboarding.source_checksum = onboarding.source_checksum.toUpperCase()),
    });
    expect(prefixed.evidence[0]!.description).toMatch(/unchanged.*prefix/);
    expect(upper.evidence[0]!.description).toMatch(/unchanged.*upper case/);
  });

  test('keeps both digests as values', async () => {
    const result = await judge(gateOf('checksum-chain'), { after: (f) => (f.manifest = 'x') });
    expect(result.evidence[0]!.values).toEqual({ expected: expect.stringMatching(/^[0-9a-f]{64}$/), actual: sha256('x') });
  });
});

table('provenance-consistency', [
  ['confirms', () => {}, 'pass/info', 'provenance_verified:provenance.json'],
  ['is skipped without the file', (f) => (f.more['out/provenance.json'] = '{}'), 'skipped/input_absent'],
  ['sees another source checksum', (f) => (f.provenance.sourceChecksum = 'f'.repeat(64)), FAIL, 'provenance_mismatch:source_checksum'],
  [
    'only remarks on another directory',
    (f) => (f.provenance.outputDirectory = '/srv/layout'),
    WARN,
    'provenance_verified:provenance.json',
    'provenance_info:outputDirectory',
  ],
  [
    'names missing outputs in order',
    (f) => (f.provenance.outputFiles = ['b.yaml', 'bank-projectcontext.yaml', '../.contextcore.yaml']),
    FAIL,
    'missing_output_file:b.yaml',
    'missing_output_file:../.contextcore.yaml',
  ],
  [
    'warns when the times are of different runs',
    (f) => (f.provenance.generatedAt = '2026-01-15T09:31:01'),
    WARN,
    'provenance_verified:provenance.json',
    'provenance_time:generated_at',
  ],
  [
    'does not mind a fraction of a second',
    (f) => (f.provenance.generatedAt = '2026-01-15T09:30:00.000812'),
    'pass/info',
    'provenance_verified:provenance.json',
  ],
  ['G-9: reports outputs that are null', (f) => (f.provenance.outputFiles = null), FAIL, 'malformed_input:/outputFiles'],
  ['G-9: reports a file that is no JSON', (f) => (f.more['out/provenance.json'] = '{'), FAIL, 'malformed_input:/'],
  ['G-9: reports a file that is a list', (f) => (f.more['out/provenance.json'] = '[1]'), FAIL, 'malformed_input:/'],
]);

table('mapping-completeness', [
  ['confirms', () => {}, 'pass/info', 'mapping_complete:artifact_task_mapping'],
  ['is skipped without a mapping', edit((o) => (o.artifact_task_mapping = {})), 'skipped/input_absent'],
  ['is skipped without gaps', edit((o) => (o.coverage.gaps = [])), 'skipped/no_gaps'],
  [
    'names unmapped gaps in their order',
    edit((o) => (o.artifact_task_mapping = { 'teller-slo': 'T-2', other: 'T-9' })),
    FAIL,
    'unmapped_artifact:teller-dashboard',
    'unmapped_artifact:vault-runbook',
  ],
  [
    'G-26: wants a task, not an empty text',
    edit((o) => Object.assign(o.artifact_task_mapping, { 'teller-slo': '', 'vault-runbook': null })),
    FAIL,
    'unmapped_artifact:teller-slo',
    'unmapped_artifact:vault-runbook',
  ],
  [
    'D17: does not take a list for a mapping',
    edit((o) => (o.artifact_task_mapping = ['teller-slo'])),
    FAIL,
    'malformed_input:/artifact_task_mapping',
  ],
  [
    'does not find a task in what every object has',
    edit((o) => (o.coverage.gaps = ['constructor'])),
    FAIL,
    'unmapped_artifact:constructor',
  ],
]);

table('gap-parity', [
  ['confirms', () => {}, 'pass/info', 'gap_parity_verified:coverage'],
  ['is skipped without gaps', edit((o) => (o.coverage.gaps = [])), 'skipped/no_gaps'],
  [
    'is skipped without features',
    edit((o) => {
      delete o.file_ownership;
      o.coverage.byTarget = [];
    }),
    'skipped/no_features',
  ],
  [
    'names missing and orphan features, sorted',
    edit((o) => (o.coverage.gaps = ['zz', 'vault-runbook', 'a'])),
    FAIL,
    'missing_feature:a',
    'missing_feature:zz',
    'orphan_feature:teller-dashboard',
    'orphan_feature:teller-slo',
  ],
  [
    'G-1: what exists is no orphan',
    (f) => {
      f.artifactManifest = artifactManifest({ 'teller-slo': 'exists', 'vault-runbook': 'outdated' });
      f.onboarding.coverage.gaps = ['teller-dashboard'];
    },
    'pass/info',
    'gap_parity_verified:coverage',
  ],
  [
    'G-2: a gap that the artifact manifest has as existing is no feature',
    (f) => (f.artifactManifest = artifactManifest({ 'teller-slo': 'exists' })),
    FAIL,
    'missing_feature:teller-slo',
  ],
  ['takes features from the targets without ownership', edit((o) => delete o.file_ownership), FAIL, 'missing_feature:vault-runbook'],
  ['D17: reports gaps that are a text', edit((o) => (o.coverage.gaps = 'ab')), FAIL, 'malformed_input:/coverage/gaps'],
  ['G-9: reports an empty gap id', edit((o) => o.coverage.gaps.push('')), FAIL, 'malformed_input:/coverage/gaps/3'],
  [
    'G-9: reports an empty artifact id of an owner',
    edit((o) => o.file_ownership['slo/teller.yaml'].artifact_ids.push('')),
    FAIL,
    'malformed_input:/file_ownership/slo~1teller.yaml/artifact_ids/1',
  ],
]);

test('gap-parity does not accuse by an artifact manifest that was changed later', async () => {
  const result = await judge(gateOf('gap-parity'), { after: (f) => (f.artifactManifest = artifactManifest({ 'teller-slo': 'exists' })) });
  expect(answer(result)).toBe('pass/info');
});

const hints = (change: (hints: Record<string, Record<string, unknown> | null>) => void): Change =>
  edit((o) => change(o.design_calibration_hints));
table('design-calibration', [
  ['confirms', () => {}, 'pass/info', 'calibration_verified:design_calibration_hints'],
  ['is skipped without hints', edit((o) => delete o.design_calibration_hints), 'skipped/input_absent'],
  [
    'names types without a hint, sorted',
    edit((o) => {
      o.coverage.byType.a_type = 0;
      delete o.design_calibration_hints.runbook;
    }),
    WEAK,
    'missing_calibration:a_type',
    'missing_calibration:runbook',
  ],
  [
    'does not find a hint in what every object has',
    edit((o) => (o.coverage.byType.constructor = 1)),
    WEAK,
    'missing_calibration:constructor',
  ],
  ['sees a depth that does not exist', hints((h) => (h['runbook']!['expected_depth'] = 'deep')), WEAK, 'invalid_depth:runbook'],
  [
    'warns of a depth that is not the type’s',
    hints((h) => (h['dashboard']!['expected_depth'] = 'brief')),
    WARN,
    'calibration_verified:design_calibration_hints',
    'depth_mismatch:dashboard',
  ],
  [
    'G-12: keeps what is missing from a hint',
    hints((h) => Object.assign(h['runbook']!, { expected_loc_range: '', red_flag: null })),
    WARN,
    'calibration_verified:design_calibration_hints',
    'missing_loc_range:runbook',
    'missing_red_flag:runbook',
  ],
  [
    'sees a contract too long for its hint',
    edit((o) => {
      o.expected_output_contracts.runbook.max_lines = 101;
      o.design_calibration_hints.runbook.expected_loc_range = '<=50';
    }),
    WEAK,
    'loc_mismatch:runbook',
  ],
  [
    'sees a contract too short for its hint',
    edit((o) => {
      o.expected_output_contracts.runbook.max_lines = 99;
      o.design_calibration_hints.runbook.expected_loc_range = '>150';
    }),
    WEAK,
    'loc_mismatch:runbook',
  ],
  [
    'does not mind a hundred lines',
    edit((o) => {
      o.expected_output_contracts.runbook.max_lines = 100;
      o.design_calibration_hints.runbook.expected_loc_range = '<=50';
    }),
    'pass/info',
    'calibration_verified:design_calibration_hints',
  ],
  ['measures a file that is there', (f) => (f.more['out/slo/teller.yaml'] = 'a\nb'), WEAK, 'loc_violation:teller-slo'],
  [
    'counts ids times types',
    (f) => {
      Object.assign(f.onboarding.file_ownership['slo/teller.yaml'], {
        artifact_ids: ['teller-slo', 'b'],
        artifact_types: ['slo_definition', 'runbook'],
      });
      f.onboarding.coverage.gaps.push('b');
      f.more['out/slo/teller.yaml'] = 'a';
    },
    WEAK,
    'loc_violation:teller-slo',
    'loc_violation:teller-slo',
    'loc_violation:b',
    'loc_violation:b',
  ],
  [
    'takes a range it cannot read for no range',
    (f) => {
      f.onboarding.design_calibration_hints.slo_definition.expected_loc_range = '50 to 100';
      f.more['out/slo/teller.yaml'] = 'a';
    },
    'pass/info',
    'calibration_verified:design_calibration_hints',
  ],
  [
    'sees a client of another protocol',
    hints((h) => (h['client_teller']!['transport_protocol'] = 'http')),
    WEAK,
    'protocol_calibration_mismatch:client_teller',
  ],
  ['G-9: reports a hint that is null', hints((h) => (h['runbook'] = null)), FAIL, 'malformed_input:/design_calibration_hints/runbook'],
  [
    'G-9: reports a directory in place of an owned file',
    (f) => (f.more['out/slo/teller.yaml/x'] = 'x'),
    FAIL,
    'malformed_input:/file_ownership/slo~1teller.yaml',
  ],
  [
    'does not measure a file outside',
    edit((o) => (o.file_ownership['../.contextcore.yaml'] = { artifact_ids: ['x'], artifact_types: ['runbook'] })),
    WARN,
    'calibration_verified:design_calibration_hints',
    'unverified_file:../.contextcore.yaml',
  ],
  [
    'takes an omitted section for absent (D2)',
    edit((o) => (o.design_calibration_hints = { _omitted: 'profile=source' })),
    'skipped/input_absent',
  ],
]);

describe('line counts follow universal line ends', () => {
  test.each([
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\r\nb\r\n', 2],
    ['a\rb\rc', 3],
    ['\n\n', 2],
  ])('%j has %d lines', async (text, lines) => {
    const { subject } = await open({ change: (f) => (f.more['out/slo/teller.yaml'] = text) });
    expect(subject.owned.get('slo/teller.yaml')).toEqual({ state: 'read', lines });
  });
});

test('a parameter of a target is looked for at the target itself, and in the project context after it', async () => {
  const change = edit((o) => {
    o.parameter_resolvability['teller-slo'].namespace = { status: 'unresolved', source_path: 'crd.spec.targets[].namespace or default' };
  });
  const { evidence } = await judge(gateOf('parameter-resolvability'), { change });
  expect(evidence[0]?.at?.map(({ file, path }) => `${file} ${path}`)).toEqual([
    'manifest spec.targets[name=teller]',
    'project-context spec.targets.namespace',
    'artifact-manifest #teller-slo/parameters/namespace',
  ]);
});

table('parameter-resolvability', [
  ['confirms', () => {}, 'pass/info', 'parameters_verified:parameter_resolvability'],
  ['is skipped without the section', edit((o) => delete o.parameter_resolvability), 'skipped/input_absent'],
  [
    'names what is unresolved',
    edit((o) => (o.parameter_resolvability['teller-slo'].availability.status = 'unresolved')),
    WEAK,
    'unresolved_parameter:teller-slo.availability',
  ],
  [
    'notes a default once for its field, and never fails by it',
    edit((o) => {
      o.parameter_resolvability['teller-slo'].availability.status = 'defaulted';
      o.parameter_resolvability['teller-rule'] = {
        first: { status: 'defaulted', source_path: 'manifest.spec.requirements.latencyP99' },
        second: { status: 'defaulted', source_path: 'manifest.spec.requirements.latencyP99' },
      };
    }),
    'pass/info',
    'parameters_verified:parameter_resolvability',
    'defaulted_parameter:teller-slo.availability',
    'defaulted_parameter:teller-rule.first',
  ],
  [
    'stops at ten',
    edit(
      (o) =>
        (o.parameter_resolvability = { a: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`p${i}`, { status: 'unresolved' }])) }),
    ),
    WEAK,
    ...Array.from({ length: 10 }, (_, i) => `unresolved_parameter:a.p${i}`),
  ],
  [
    'G-9: reports an entry that is no object',
    edit((o) => (o.parameter_resolvability['teller-slo'] = 'x')),
    FAIL,
    'malformed_input:/parameter_resolvability/teller-slo',
  ],
]);

table('artifact-inventory', [
  ['confirms', () => {}, 'pass/info', 'inventory_verified:artifact_inventory'],
  ['is skipped for version 1', (f) => (f.runProvenance.version = '1.2.0'), 'skipped/v1_provenance'],
  ['is skipped for a missing version', (f) => delete f.runProvenance.version, 'skipped/v1_provenance'],
  ['does not take "1" for version 1', (f) => (f.runProvenance = { version: '1' }), WEAK, 'missing_inventory:run-provenance.json'],
  [
    'names demanded roles that are missing, sorted',
    (f) => (f.runProvenance.artifact_inventory = []),
    WEAK,
    ...['calibration_hints', 'dependency_graph', 'derivation_rules', 'output_contracts'].map((role) => `missing_role:${role}`),
  ],
  [
    'looks for the source files',
    (f) => (f.runProvenance.artifact_inventory[1].source_file = 'lost.json'),
    WEAK,
    'missing_source_file:export.output_contracts',
  ],
  [
    'G-9: reports an entry without a role',
    (f) => delete f.runProvenance.artifact_inventory[3].role,
    FAIL,
    'missing_role:calibration_hints',
    'malformed_input:/artifact_inventory/3',
  ],
  ['G-9: reports a version that is no text', (f) => (f.runProvenance.version = 2), FAIL, 'malformed_input:/version'],
  ['G-9: reports a list in place of the file', (f) => (f.runProvenance = [1]), FAIL, 'malformed_input:/'],
  ['reports a file that is no JSON', (f) => (f.runProvenance = '{'), FAIL, 'malformed_input:/'],
]);

table('service-metadata', [
  ['confirms', () => {}, 'pass/info', 'service_metadata_verified:service_metadata'],
  ['is skipped without services', edit((o) => delete o.service_metadata), 'skipped/input_absent'],
  ['wants a protocol', edit((o) => (o.service_metadata.vault = {})), FAIL, 'missing_transport_protocol:vault'],
  [
    'warns of gRPC without a contract',
    edit((o) => delete o.service_metadata.teller.schema_contract),
    WARN,
    'missing_schema_contract:teller',
  ],
  ['G-14: an entry that is no object fails', edit((o) => (o.service_metadata.vault = 'grpc')), FAIL, 'invalid_service_entry:vault'],
  [
    'G-14: a service whose name speaks of a missing protocol changes nothing',
    edit((o) => (o.service_metadata['missing transport_protocol'] = { transport_protocol: 'grpc' })),
    WARN,
    'missing_schema_contract:missing transport_protocol',
  ],
  ['G-9: reports a list', edit((o) => (o.service_metadata = ['http'])), FAIL, 'malformed_input:/service_metadata'],
]);

table('edit-first-coverage', [
  ['confirms', () => {}, 'pass/info', 'edit_first_verified:expected_output_contracts'],
  ['is skipped without contracts', edit((o) => delete o.expected_output_contracts), 'skipped/input_absent'],
  [
    'takes fractions, 0 and 100',
    edit((o) =>
      Object.assign(o.expected_output_contracts, { a: { edit_min_pct: 0 }, b: { edit_min_pct: 100 }, c: { edit_min_pct: 99.5 } }),
    ),
    'pass/info',
    'edit_first_verified:expected_output_contracts',
  ],
  ['names what is missing', edit((o) => (o.expected_output_contracts.runbook.edit_min_pct = null)), WEAK, 'missing_edit_min_pct:runbook'],
  [
    'G-15: does not take true for a number',
    edit((o) => (o.expected_output_contracts.runbook.edit_min_pct = true)),
    WEAK,
    'invalid_edit_min_pct:runbook',
  ],
  [
    'does not take text or 101',
    edit((o) => Object.assign(o.expected_output_contracts, { a: { edit_min_pct: '80' }, b: { edit_min_pct: 101 } })),
    WEAK,
    'invalid_edit_min_pct:a',
    'invalid_edit_min_pct:b',
  ],
  [
    'stops at ten',
    edit((o) => (o.expected_output_contracts = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${i}`, {}])))),
    WEAK,
    ...Array.from({ length: 10 }, (_, i) => `missing_edit_min_pct:t${i}`),
  ],
  [
    'G-9: reports a contract that is no object',
    edit((o) => (o.expected_output_contracts.runbook = 3)),
    FAIL,
    'malformed_input:/expected_output_contracts/runbook',
  ],
]);

table('min-coverage', [['is skipped when nothing is demanded', () => {}, 'skipped/option_absent']]);
table(
  'min-coverage',
  [
    ['G-3: compares percent with percent', edit((o) => (o.coverage.overallCoverage = 50)), 'pass/info'],
    ['fails below', edit((o) => (o.coverage.overallCoverage = 49.9)), FAIL, 'coverage_below_threshold:coverage.overallCoverage'],
    [
      'takes a missing value for 0',
      edit((o) => delete o.coverage.overallCoverage),
      FAIL,
      'coverage_below_threshold:coverage.overallCoverage',
    ],
    [
      'does not pass on a value it cannot compare',
      edit((o) => (o.coverage.overallCoverage = '90')),
      FAIL,
      'malformed_input:/coverage/overallCoverage',
    ],
  ],
  { options: { minCoverage: 50 } },
);

describe('gate ids', () => {
  test.each([
    ['the task id given', edit(() => {}), 'FIN-42', 'FIN-42-gap-parity'],
    ['else the project id', edit(() => {}), undefined, 'bank-of-gap-parity'],
    ['else pipeline-check', edit((o) => (o.project_id = 7)), undefined, 'pipeline-check-gap-parity'],
  ])('begin with %s', async (_title, change, taskId, expected) => {
    const { subject } = await open({ change, options: taskId === undefined ? {} : { taskId } });
    expect(run([gateOf('gap-parity')], subject)[0]!.gateId).toBe(expected);
  });
});
