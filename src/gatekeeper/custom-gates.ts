import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import type { JsonValue } from '../host/json.ts';
import type { CustomGate } from '../manifest/policy.ts';
import { defineGate } from './define-gate.ts';
import { finding, passes } from './evidence.ts';
import type { Gate, Judgement } from './gate.ts';
import type { BaseFacts, WorkArtifact, WorkFacts } from './work.ts';

/** An expression that is none, with the offset in it. */
export interface ExpressionFault {
  readonly gate: CustomGate;
  readonly message: string;
}

/** Runs work for a bounded time; the value, or what was thrown. */
export type Bounded = <T>(work: () => T) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Readies the gates that a policy writes in CEL. The language is loaded by those who use it. */
export async function compileCustomGates(
  gates: readonly CustomGate[],
  bounded: Bounded,
): Promise<{ readonly gates: readonly Gate[]; readonly faults: readonly ExpressionFault[] }> {
  if (gates.length === 0) return { gates: [], faults: [] };
  const environment = await openEnvironment();
  const compiled: Gate[] = [];
  const faults: ExpressionFault[] = [];
  for (const gate of gates) {
    const parsed = parse(gate.expr, environment, bounded);
    if ('message' in parsed) faults.push({ gate, message: parsed.message });
    else compiled.push(gateOf(gate, parsed.run, bounded));
  }
  return { gates: compiled, faults };
}

/** What an expression may name. */
const VARIABLES = {
  artifacts: 'list<dyn>',
  targets: 'list<string>',
  coverage: 'map<string, dyn>',
  project: 'map<string, dyn>',
  manifest: 'map<string, dyn>',
} as const;

async function openEnvironment(): Promise<Environment> {
  const { Environment } = await import('@marcbachmann/cel-js');
  const limits = { maxAstNodes: 500, maxDepth: 30, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 16 };
  const environment = new Environment({ limits, homogeneousAggregateLiterals: false });
  for (const [name, type] of Object.entries(VARIABLES)) environment.registerVariable(name, type);
  return environment;
}

function parse(expr: string, environment: Environment, bounded: Bounded): { readonly run: ParseResult } | { readonly message: string } {
  const outcome = bounded(() => {
    const run = environment.parse(expr);
    return { run, checked: run.check() };
  });
  if (!outcome.ok) return { message: outcome.reason };
  const { run, checked } = outcome.value;
  if (!checked.valid) return { message: firstLine(checked.error?.message ?? 'it has no type') };
  if (checked.type !== 'bool' && checked.type !== 'dyn') return { message: `it yields ${checked.type}, and a gate needs true or false` };
  return { run };
}

function gateOf(own: CustomGate, run: ParseResult, bounded: Bounded): Gate {
  const { name, level, message, place } = own;
  return defineGate({
    key: name,
    title: name,
    phase: 'REVIEW_CALIBRATE',
    stage: 'EXPORT_CONTRACT',
    group: 'ours',
    fails: { severity: level, blocking: level === 'critical' },
    asks: message,
    why: 'The policy asks for it.',
    reads: ['the expression in the policy', 'artifacts, targets, coverage, project and manifest'],
    judge: ({ work }): Judgement => {
      if (work === undefined)
        return {
          outcome: 'skipped',
          code: 'input_absent',
          reason: 'An export is judged by itself; the policy’s own gates ask about the work.',
        };
      const answer = bounded(() => run(contextOf(work, work)) as unknown);
      if (answer.ok && answer.value === true) return passes('The expression holds.', []);
      if (answer.ok && answer.value === false)
        return {
          outcome: 'fail',
          reason: message,
          nextAction: NEXT,
          evidence: [finding('expression_false', name, message, { place, ...stateOf(run, work.base, work, bounded) })],
        };
      const why = answer.ok ? 'it yields neither true nor false' : answer.reason;
      const broken = `The expression of "${name}" has no answer: ${why}.`;
      const evidence = [finding('expression_failed', name, broken, { place, level: 'critical' })];
      return {
        outcome: 'fail',
        reason: broken,
        nextAction: 'Correct the expression; has(…) asks whether a field is there.',
        evidence,
        severity: 'error',
        blocking: true,
      };
    },
  });
}

const NEXT = 'Make what the message asks for, or change the gate in the policy.';

function stateOf(run: ParseResult, base: BaseFacts | undefined, work: WorkFacts, bounded: Bounded): { readonly state?: 'new' | 'known' } {
  if (base === undefined) return {};
  const before = bounded(() => run(contextOf(base, work)) as unknown);
  return { state: before.ok && before.value === true ? 'new' : 'known' };
}

/** The subject as expressions see it, now or before this change. */
function contextOf(side: WorkFacts | BaseFacts, work: WorkFacts): Readonly<Record<string, unknown>> {
  const { coverage, manifest } = side;
  const artifacts = side === work ? work.artifacts : [...(side as BaseFacts).artifacts.values()];
  const { project, business } = manifest.spec;
  return {
    artifacts: artifacts.map(artifactOf),
    targets: manifest.spec.targets.map(({ name }) => name),
    coverage: {
      percent: coverage.overallCoverage,
      required: coverage.totalRequired,
      existing: coverage.totalExisting,
      outdated: coverage.totalOutdated,
      gaps: coverage.gaps.length,
    },
    project: { id: project.id, criticality: business?.criticality ?? 'medium' },
    manifest: manifest as unknown as JsonValue,
  };
}

function artifactOf({ id, type, target, priority, status, path, faults, contradictions }: WorkArtifact) {
  return { id, type, target, priority, status, path: path ?? '', faults: faults.length, contradictions: contradictions.length };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
