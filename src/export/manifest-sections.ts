import type { Coverage } from '../contract/contract.ts';
import { coverageSection, coverageSummary } from '../contract/sections.ts';
import type { JsonObject } from '../host/json.ts';
import type { Guidance, Manifest, Owner, Question, Strategy } from '../manifest/manifest.ts';
import type { Document, DocumentValue } from './document.ts';
import { float } from './float.ts';

// What artifact manifest and onboarding metadata both say (export.md §7, §14).

export function owners(manifest: Manifest): readonly Document[] {
  return manifest.metadata.owners.map(({ team, slack, email, oncall }: Owner) => ({ team, slack, email, oncall }));
}

/** Without `focus.until` and `answeredAt`, which the files have no place for. */
export function guidance({ focus, constraints, preferences, questions }: Guidance): Document {
  return {
    focus: focus && { areas: focus.areas, reason: focus.reason },
    constraints: constraints.map(({ id, rule, severity, rationale, appliesTo }) => ({ id, rule, severity, rationale, appliesTo })),
    preferences: preferences.map(({ id, description, example }) => ({ id, description, example })),
    questions: questions.map(question),
  };
}

export function openQuestions({ questions }: Guidance): readonly Document[] {
  return questions.filter(({ status }) => status === 'open').map(question);
}

export function objectives({ objectives }: Strategy): readonly Document[] {
  return objectives.map(({ id, description, keyResults }) => ({
    id,
    description,
    keyResults: keyResults.map(({ metricKey, unit, target, targetOperator, baseline, window, dataSource }) => ({
      metricKey,
      unit,
      target: float(target),
      targetOperator,
      baseline: baseline === undefined ? undefined : float(baseline),
      window,
      dataSource,
    })),
  }));
}

/** Coverage as the artifact manifest has it. */
export function shortCoverage(coverage: Coverage): Document {
  return withFloats(coverageSummary(coverage), coverage);
}

/** Coverage as the onboarding metadata has it, with every gap. */
export function fullCoverage(coverage: Coverage): Document {
  return withFloats(coverageSection(coverage), coverage);
}

function withFloats(section: JsonObject, { overallCoverage, byTarget }: Coverage): Document {
  const targets: readonly DocumentValue[] = byTarget.map((target) => ({ ...target, coveragePercent: float(target.coveragePercent) }));
  return { ...section, overallCoverage: float(overallCoverage), byTarget: targets };
}

function question({ id, question, status, priority, answer, answeredBy }: Question): Document {
  return { id, question, status, priority, answer, answeredBy };
}
