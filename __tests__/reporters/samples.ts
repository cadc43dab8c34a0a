import type { Artifact, ArtifactStatus, Coverage, Priority } from '../../src/contract/contract.ts';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import type { Finding, Verdict } from '../../src/gatekeeper/verdict.ts';
import type { Fault } from '../../src/manifest/manifest.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Entry, QuestionAnswer, Report } from '../../src/report/report.ts';
import type { Emission } from '../../src/telemetry/emission.ts';

export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
export const MANIFEST = '.contextcore.yaml';
const AT = '2026-11-20T09:30:00Z';

export function artifact(
  id: string,
  type: string,
  status: ArtifactStatus,
  priority: Priority = 'required',
  dependsOn: readonly string[] = [],
): Artifact {
  const target = id.split('-')[0]!.replaceAll('_', '-');
  return {
    id,
    type,
    name: `${target} ${type}`,
    target,
    scope: 'target',
    priority,
    status,
    derivedFrom: [],
    parameters: {},
    defaulted: [],
    dependsOn,
    validationErrors: [],
    place: { file: MANIFEST, line: target === 'checkout' ? 14 : 17, column: 7 },
    ...(status === 'exists' ? { existingPath: `ops/${id}.json` } : {}),
  } satisfies Artifact;
}

const SHOP = [
  ['dashboard', 'required', []],
  ['prometheus-rules', 'required', []],
  ['slo', 'required', ['prometheus-rules']],
  ['runbook', 'recommended', ['prometheus-rules', 'dashboard']],
] as const;

export function artifacts(status: ArtifactStatus, targets: readonly string[] = ['checkout', 'payment']): readonly Artifact[] {
  return targets.flatMap((target) =>
    SHOP.map(([suffix, priority, after]) =>
      artifact(
        `${target}-${suffix}`,
        suffix.replace('prometheus-rules', 'prometheus_rule').replace('slo', 'slo_definition'),
        status,
        priority,
        after.map((each) => `${target}-${each}`),
      ),
    ),
  );
}

export function coverageOf(all: readonly Artifact[]): Coverage {
  const needed = all.filter((each) => each.status === 'needed');
  const required = all.filter((each) => each.priority === 'required');
  const measure = (own: readonly Artifact[]) => {
    const wanted = own.filter((each) => each.priority === 'required');
    const open = wanted.filter((each) => each.status === 'needed');
    return { wanted: wanted.length, there: wanted.length - open.length, open: open.map((each) => each.id) };
  };
  const total = measure(all);
  return {
    totalRequired: required.length,
    totalExisting: total.there,
    totalOutdated: all.filter((each) => each.status === 'outdated').length,
    overallCoverage: total.wanted === 0 ? 100 : Math.round((total.there / total.wanted) * 1000) / 10,
    byTarget: [...new Set(all.map((each) => each.target))].map((target) => {
      const own = measure(all.filter((each) => each.target === target));
      return {
        target,
        namespace: 'default',
        requiredCount: own.wanted,
        existingCount: own.there,
        coveragePercent: own.wanted === 0 ? 100 : Math.round((own.there / own.wanted) * 1000) / 10,
        gaps: own.open,
      };
    }),
    byType: Object.fromEntries(
      [...new Set(needed.map((each) => each.type))].map((type) => [type, needed.filter((each) => each.type === type).length]),
    ),
    gaps: needed.map((each) => each.id),
    requiredGaps: total.open,
  } satisfies Coverage;
}

export function planOf(projectId: string, all: readonly Artifact[]): Plan {
  const types = [...new Set(all.map((each) => each.type))];
  const open = (own: readonly Artifact[]) => own.filter((each) => each.status === 'needed' || each.status === 'outdated').length;
  return {
    projectId,
    epic: {
      taskId: `${projectId}-artifact-generation`,
      title: `${projectId} Observability Artifact Generation`,
      gapCount: open(all),
      totalCount: all.length,
      completedCount: all.length - open(all),
      percentComplete: all.length === 0 ? 100 : ((all.length - open(all)) / all.length) * 100,
    },
    stories: types.map((type) => {
      const own = all.filter((each) => each.type === type);
      return {
        taskId: `${projectId}-${type}-artifacts`,
        type,
        title: `${type} Artifacts (${own.length} total, ${open(own)} needed)`,
        gapCount: open(own),
        totalCount: own.length,
        completedCount: own.length - open(own),
      };
    }),
    tasks: all.map((each) => ({
      taskId: each.id,
      parentId: `${projectId}-${each.type}-artifacts`,
      artifact: each,
      dependsOn: each.dependsOn,
      unknownDependencies: [],
    })),
    cycles: [],
    warnings: [],
  } satisfies Plan;
}

export function gate(key: string, change: Partial<GateResult> = {}): GateResult {
  return {
    gate: key,
    gateId: `shop-${key}`,
    phase: 'CONTRACT_INTEGRITY',
    stage: 'CONTRACT_INTEGRITY',
    group: 'gate-1',
    outcome: 'pass',
    severity: 'info',
    blocking: false,
    reason: 'Everything was as it should be.',
    evidence: [],
    taskId: 'shop',
    checkedAt: AT,
    durationMs: 0,
    ...change,
  } satisfies GateResult;
}

export const SPOOLED: Emission = {
  state: 'spooled',
  reason: 'No endpoint was given, so the trace waits on disk.',
  traceId: TRACE,
  traceIds: [TRACE],
  epicSpanId: '00f067aa0ba902b7',
  spool: 'task-spans.otlp.jsonl',
  drafted: 15,
  sent: 0,
  spooled: 15,
  lost: 0,
};

export const SENT: Emission = {
  ...Object.fromEntries(Object.entries(SPOOLED).filter(([key]) => key !== 'spool')),
  state: 'sent',
  reason: 'The backend took every span.',
  traceId: TRACE,
  traceIds: [TRACE],
  drafted: 15,
  sent: 15,
  spooled: 0,
  lost: 0,
  acceptedAt: '2026-11-20T09:30:01+00:00',
};

export const NOTHING: Emission = {
  state: 'none',
  reason: 'The manifest has faults, so no trace was drafted.',
  traceIds: [],
  drafted: 0,
  sent: 0,
  spooled: 0,
  lost: 0,
};

export const QUESTIONS: readonly QuestionAnswer[] = [
  {
    number: 1,
    title: 'Is the contract complete?',
    layer: 'Export',
    status: 'pass',
    recommendation: '',
    checks: [
      { name: 'checksum-chain', passed: true, detail: 'The checksums agree.', severity: 'info', gate: 'checksum-chain' },
      { name: 'artifact-manifest-populated', passed: true, detail: 'Six artifacts are required.', severity: 'info' },
    ],
  },
  {
    number: 2,
    title: 'Was the contract faithfully translated?',
    layer: 'Plan Ingestion',
    status: 'skipped',
    recommendation: 'Give --ingestion-dir to have the plan checked.',
    checks: [{ name: 'ingestion-dir-provided', passed: false, detail: 'No directory was given.', severity: 'info' }],
  },
  {
    number: 3,
    title: 'Was the translated plan faithfully executed?',
    layer: 'Artisan',
    status: 'not_reached',
    recommendation: '',
    checks: [],
  },
];

const FILES = [
  'onboarding-metadata.json',
  'provenance.json',
  'shop-artifact-manifest.yaml',
  'task-emission-preview.json',
  'task-spans.json',
  'task-spans.otlp.jsonl',
];

export function entry(change: Partial<Entry> = {}): Entry {
  const all = change.artifacts ?? artifacts('exists');
  return {
    manifest: MANIFEST,
    version: 'v2',
    projectId: 'shop',
    profile: 'full',
    criticality: 'critical',
    faults: [],
    warnings: [],
    notices: [],
    artifacts: all,
    coverage: coverageOf(all),
    plan: planOf('shop', all),
    gates: [
      gate('structural-integrity'),
      gate('checksum-chain'),
      gate('parameter-resolvability'),
      gate('min-coverage', { outcome: 'skipped', skipCode: 'option_absent', reason: 'No minimum was asked for.' }),
    ],
    questions: QUESTIONS,
    emission: SPOOLED,
    exportDir: 'contextcore-export',
    files: FILES,
    ...change,
  } satisfies Entry;
}

/** A manifest that could not be read: faults, and nothing after them. */
export function faultyEntry(change: Partial<Entry> = {}): Entry {
  return {
    manifest: MANIFEST,
    version: 'v2',
    faults: [fault()],
    warnings: [],
    notices: [],
    artifacts: [],
    gates: [],
    questions: [],
    emission: NOTHING,
    files: [],
    ...change,
  } satisfies Entry;
}

export function fault(change: Partial<Fault> = {}): Fault {
  return {
    code: 'unknown-value',
    severity: 'error',
    path: 'spec.targets.0.kind',
    place: { file: MANIFEST, line: 13, column: 13, endLine: 13, endColumn: 22 },
    message: 'spec.targets.0.kind is "Deploymnt", which is no kind of workload; "Deployment" is.',
    suggestion: 'Deployment',
    excerpt: '    - kind: Deploymnt\n            ^^^^^^^^^',
    ...change,
  } satisfies Fault;
}

export function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: 'required-artifacts/missing_artifact',
    source: 'gate',
    gate: 'required-artifacts',
    level: 'warning',
    message: 'checkout-slo is required and was not found.',
    nextAction: 'Add it at slos/checkout-slo.yaml, or say where it is with an artifacts rule in .contextcore-quality.yaml.',
    artifact: 'checkout-slo',
    place: { file: MANIFEST, line: 14, column: 7 },
    ...change,
  } satisfies Finding;
}

export const FAULT_FINDING: Finding = finding({
  code: 'manifest/unknown-value',
  source: 'manifest',
  level: 'critical',
  message: 'spec.targets.0.kind is "Deploymnt", which is no kind of workload; "Deployment" is.',
  nextAction: 'Write Deployment.',
  excerpt: '    - kind: Deploymnt\n            ^^^^^^^^^',
  place: { file: MANIFEST, line: 13, column: 13, endLine: 13, endColumn: 22 },
});

export const GATE_FINDING: Finding = finding({
  code: 'checksum-chain/checksum_mismatch',
  gate: 'checksum-chain',
  level: 'critical',
  message: 'source_checksum is 9f86d081…, but .contextcore.yaml hashes to 2c26b46b….',
  nextAction: 'Export again: the manifest was changed after the export.',
  place: { file: MANIFEST, line: 1 },
});

export function verdict(findings: readonly Finding[], change: Partial<Verdict> = {}): Verdict {
  const number = (level: Finding['level']) => findings.filter((each) => each.level === level).length;
  const counts = { critical: number('critical'), error: number('error'), warning: number('warning'), notice: number('notice') };
  const word = counts.critical > 0 ? 'block' : counts.error + counts.warning > 0 ? 'warn' : 'pass';
  return { verdict: word, failOn: 'critical', fails: counts.critical > 0, counts, findings, ...change } satisfies Verdict;
}

export function report(entries: readonly Entry[], judged: Verdict, change: Partial<Report> = {}): Report {
  const covered = entries.flatMap((each) => each.coverage ?? []);
  const required = covered.reduce((sum, each) => sum + each.totalRequired, 0);
  const existing = covered.reduce((sum, each) => sum + each.totalExisting, 0);
  const gaps = covered.reduce((sum, each) => sum + each.gaps.length, 0);
  const [first] = entries;
  const total = (key: 'drafted' | 'sent' | 'spooled' | 'lost') => entries.reduce((sum, each) => sum + each.emission[key], 0);
  return {
    tool: { name: 'export-tasks', version: '1.0.0' },
    mode: 'run',
    generatedAt: AT,
    verdict: judged,
    entries,
    emission: {
      state: first?.emission.state ?? 'none',
      reason: first?.emission.reason ?? 'There was no manifest, so no trace was drafted.',
      drafted: total('drafted'),
      sent: total('sent'),
      spooled: total('spooled'),
      lost: total('lost'),
      traceIds: entries.flatMap((each) => each.emission.traceIds),
    },
    ...(covered.length === 0
      ? {}
      : {
          coverage: {
            totalRequired: required,
            totalExisting: existing,
            overallCoverage: required === 0 ? 100 : Math.round((existing / required) * 1000) / 10,
            gaps,
          },
        }),
    losses: [],
    ...change,
  } satisfies Report;
}

const MISSING = ['dashboard', 'prometheus-rules', 'slo'];
const UNTOUCHED_FINDINGS = ['checkout', 'payment'].flatMap((target) =>
  MISSING.map((suffix) =>
    finding({
      message: `${target}-${suffix} is required and was not found.`,
      artifact: `${target}-${suffix}`,
      nextAction: 'Add it where the contract says, or say where it is with an artifacts rule in .contextcore-quality.yaml.',
      place: { file: MANIFEST, line: target === 'checkout' ? 14 : 17, column: 7 },
    }),
  ),
);

const audited = (folder: string, traceId: string, change: Partial<Entry>): Entry =>
  entry({
    manifest: `services/${folder}/.contextcore.yaml`,
    projectId: folder,
    exportDir: `contextcore-export/${folder}`,
    emission: { ...SPOOLED, traceId, traceIds: [traceId] },
    questions: [],
    ...change,
  });

/** One report for each story that the golden files tell. */
export const STORIES = {
  'untouched-repository': report(
    [
      entry({
        artifacts: artifacts('needed'),
        gates: [
          gate('structural-integrity'),
          gate('checksum-chain'),
          gate('required-artifacts', {
            outcome: 'fail',
            severity: 'warning',
            reason: '6 of 6 required artifacts were not found.',
            nextAction: 'Build them, in the order of the plan.',
          }),
          gate('min-coverage', { outcome: 'skipped', skipCode: 'option_absent', reason: 'No minimum was asked for.' }),
        ],
      }),
    ],
    verdict(UNTOUCHED_FINDINGS),
    { losses: ['The artifact was not uploaded: there is no artifact service here. The files stay where they are.'] },
  ),
  'manifest-fault': report([faultyEntry()], verdict([FAULT_FINDING])),
  'gate-failure': report(
    [
      entry({
        notices: [
          {
            code: 'same-service',
            message: 'The Deployment and the Service checkout are one service; its artifacts are derived once.',
            place: { file: MANIFEST, line: 14, column: 7 },
          },
        ],
        artifacts: [...artifacts('exists', ['checkout']), ...artifacts('needed', ['payment'])],
        gates: [
          gate('structural-integrity'),
          gate('checksum-chain', {
            outcome: 'fail',
            severity: 'error',
            blocking: true,
            reason: '1 of 3 checksums is not true of the file it speaks of.',
            nextAction: 'Export again: the manifest was changed after the export.',
            evidence: [
              {
                type: 'checksum_mismatch',
                ref: 'source_checksum',
                description: 'expected 9f86d081…, found 2c26b46b…',
                finding: true,
                place: { file: MANIFEST, line: 1 },
              },
            ],
          }),
          gate('gap-parity', {
            outcome: 'crashed',
            severity: 'error',
            blocking: true,
            reason: 'The gate stopped with a TypeError: features is not iterable.',
          }),
          gate('min-coverage', { outcome: 'skipped', skipCode: 'option_absent', reason: 'No minimum was asked for.' }),
        ],
        emission: SENT,
      }),
    ],
    verdict([GATE_FINDING, ...UNTOUCHED_FINDINGS.slice(3)]),
  ),
  'everything-exists': report([entry({ emission: SENT })], verdict([])),
  audit: report(
    [
      audited('cart', '11111111111111111111111111111111', { criticality: 'critical', artifacts: artifacts('exists') }),
      audited('search', '22222222222222222222222222222222', {
        criticality: 'low',
        artifacts: [...artifacts('exists', ['query']), ...artifacts('needed', ['index'])],
      }),
      faultyEntry({
        manifest: 'services/mail/.contextcore.yaml',
        faults: [fault({ place: { file: 'services/mail/.contextcore.yaml', line: 13, column: 13 } })],
      }),
    ],
    verdict([
      { ...FAULT_FINDING, place: { file: 'services/mail/.contextcore.yaml', line: 13, column: 13 } },
      ...MISSING.map((suffix) =>
        finding({
          message: `index-${suffix} is required and was not found.`,
          artifact: `index-${suffix}`,
          place: { file: 'services/search/.contextcore.yaml', line: 17, column: 7 },
        }),
      ),
    ]),
    { mode: 'audit' },
  ),
} satisfies Record<string, Report>;

/** A report with every kind of text in it, each written by `text` from the name of its field. */
export function written(text: (field: string) => string, entries = 1): Report {
  const place = { file: text('file'), line: 3, column: 5 };
  const story = (n: number): Artifact => ({
    ...artifact(text(`artifact ${n}`), text(`type ${n}`), n === 0 ? 'exists' : 'needed', n === 1 ? 'required' : 'optional'),
    name: text(`name ${n}`),
    target: text('target'),
    namespace: text('namespace'),
    validationErrors: [{ place, message: text('validation') }],
    existingPath: text('path'),
    dependsOn: n === 0 ? [] : [text('artifact 0')],
    place,
  });
  const all = [0, 1, 2].map(story);
  const wrong = fault({
    message: text('fault'),
    path: text('fault path'),
    suggestion: text('suggestion'),
    excerpt: `${text('excerpt')}\n    ^^^`,
    place,
  });
  const one = (n: number): Entry =>
    entry({
      manifest: text(`manifest ${n}`),
      projectId: text('project'),
      exportDir: text('directory'),
      files: [text('file a'), text('file b')],
      artifacts: all,
      coverage: coverageOf(all),
      plan: { ...planOf(text('project'), all), warnings: [text('cycle')] },
      faults: [wrong],
      warnings: [wrong],
      notices: [{ code: text('notice code'), message: text('notice'), place }],
      gates: (['pass', 'fail', 'skipped', 'crashed'] as const).map((outcome) =>
        gate(text(`gate ${outcome}`), {
          outcome,
          reason: text('reason'),
          nextAction: text('next'),
          evidence: [
            {
              type: text('evidence type'),
              ref: text('ref'),
              description: text('evidence'),
              finding: true,
              artifact: text('artifact 1'),
              place,
              values: { expected: text('expected') },
            },
          ],
        }),
      ),
      questions: QUESTIONS.map((question) => ({
        ...question,
        recommendation: text('recommendation'),
        checks: [{ name: text('check'), passed: false, detail: text('detail'), severity: 'error' as const }],
      })),
      emission: { ...SPOOLED, reason: text('emission'), spool: text('spool') },
    });
  const levels = ['critical', 'error', 'warning', 'notice'] as const;
  const findings = levels.map((level, index) =>
    finding({
      level,
      code: text(`code ${level}`),
      message: text('message'),
      nextAction: text('action'),
      artifact: text('artifact 1'),
      excerpt: wrong.excerpt!,
      place: { ...place, line: index + 1 },
    }),
  );
  return report(
    Array.from({ length: entries }, (_, n) => one(n)),
    verdict(findings),
    {
      mode: entries > 1 ? 'audit' : 'run',
      losses: [text('loss')],
      emission: { state: 'spooled', reason: text('emission'), drafted: 15, sent: 0, spooled: 15, lost: 0, traceIds: [TRACE] },
    },
  );
}
