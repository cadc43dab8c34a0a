import type { Artifact, ArtifactStatus } from '../contract/contract.ts';
import { expectedOutputContracts } from '../contract/type-sections.ts';
import type { Payload } from '../gatekeeper/contracts/fields.ts';
import { isJsonObject } from '../host/json.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { A } from './attributes.ts';
import type { AttributeValue, EventDraft } from './draft.ts';
import type { Draft } from './draft-input.ts';
import { heldOutbound } from './outbound.ts';
import { EVENT, EXPORT_SOURCE } from './registry.ts';
import { json, present, text, texts } from './values.ts';

/** What is said of a type again and again, put into words once. */
export interface TypeFacts {
  readonly contract?: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly sourcesJson: string;
  readonly output: { readonly output_path: string; readonly output_ext: string };
}

export function typeFacts(draft: Draft): ReadonlyMap<string, TypeFacts> {
  const contracts = expectedOutputContracts(draft.input.contract, draft.input.types) ?? {};
  return new Map(
    draft.input.types.map((type) => {
      const pairs = type.parameters.map(({ key, source }) => [key, source] as const);
      const sources = pairs.length === 0 ? { source: 'none' } : Object.fromEntries(pairs);
      const contract = contracts[type.type];
      return [
        type.type,
        {
          sources,
          sourcesJson: json(sources),
          output: { output_path: type.output.path, output_ext: type.output.ext },
          ...(isJsonObject(contract) ? { contract: json(contract) } : {}),
        },
      ];
    }),
  );
}

const NO_FACTS: TypeFacts = {
  sources: { source: 'none' },
  sourcesJson: '{"source":"none"}',
  output: { output_path: 'unknown', output_ext: 'unknown' },
};

/** Everything a task tells beside its attributes, in order: defined, owed, waiting, meant, broken, judged, done. */
export function taskEvents(
  draft: Draft,
  task: PlannedTask,
  facts: TypeFacts = NO_FACTS,
  findings: readonly EventDraft[],
): readonly EventDraft[] {
  const { artifact } = task;
  const now = draft.now;
  const events: EventDraft[] = [
    created(now, artifact.name, 'task', {
      [A.eventArtifactType]: artifact.type,
      [A.eventTarget]: text(artifact.target),
      [A.eventPriority]: artifact.priority,
      [A.eventStatus]: artifact.status,
    }),
  ];
  const contract = present({
    [A.derivationRules]: artifact.derivedFrom.length === 0 ? undefined : rulesJson(artifact.derivedFrom),
    [A.expectedOutputContract]: facts.contract,
  });
  if (Object.keys(contract).length > 0) events.push({ name: EVENT.taskContract, time: now, attributes: contract });
  const dependencies = [...task.dependsOn, ...task.unknownDependencies];
  if (dependencies.length > 0) {
    events.push({
      name: EVENT.taskDependencies,
      time: now,
      attributes: { [A.eventDependsOn]: texts(dependencies), [A.eventDependencyCount]: dependencies.length },
    });
  }
  if (task.cycle) events.push({ name: EVENT.taskDependencyCycle, time: now, attributes: { [A.cycle]: texts(task.cycle) } });
  events.push(...intentEvents(draft, artifact, facts));
  if (artifact.validationErrors.length > 0) events.push(invalidEvent(now, artifact));
  events.push(...findings);
  if (artifact.status === 'exists') events.push(completed(now));
  return events;
}

/** Artifacts of a type mostly share their rules. */
function rulesJson(rules: Artifact['derivedFrom']): string {
  const known = RULES.get(rules) ?? json(rules);
  RULES.set(rules, known);
  return known;
}

const RULES = new WeakMap<Artifact['derivedFrom'], string>();

function intentEvents(draft: Draft, artifact: Artifact, facts: TypeFacts): readonly EventDraft[] {
  const intent = INTENT[artifact.status];
  if (intent === undefined) return [];
  const owner = draft.input.contract.manifest.spec.business?.owner || 'unassigned';
  const told = heldOutbound(draft, 'ArtifactIntent', artifact.id, {
    schema_version: 'v1',
    artifact_id: artifact.id,
    artifact_type: artifact.type,
    owner,
    intent,
    task_id: artifact.id,
    promoted_to_task: true,
    promotion_reason: 'traceability',
    parameter_sources: facts.sources,
    output_convention: facts.output,
  });
  const attributes = {
    [A.eventArtifactId]: artifact.id,
    [A.intent]: intent,
    [A.parameterSources]: facts.sourcesJson,
    [A.intentAction]: intent,
    [A.intentArtifactType]: artifact.type,
    [A.intentParameterSources]: facts.sourcesJson,
    [A.intentOwner]: text(owner),
  };
  return [{ name: EVENT.artifactIntent, time: draft.now, attributes }, ...told];
}

function invalidEvent(time: bigint, artifact: Artifact): EventDraft {
  const errors = artifact.validationErrors.map(({ place, message }) => `${place.file}:${place.line}: ${message}`);
  const path = artifact.existingPath === undefined ? {} : { [A.artifactPath]: text(artifact.existingPath) };
  return { name: EVENT.artifactInvalid, time, attributes: { ...path, [A.validationErrors]: texts(errors) } };
}

const INTENT: Readonly<Record<ArtifactStatus, Payload<'ArtifactIntent'>['intent'] | undefined>> = {
  needed: 'create',
  outdated: 'update',
  exists: 'validate',
  skipped: undefined,
};

export function created(time: bigint, title: string, type: string, more: Readonly<Record<string, AttributeValue>>): EventDraft {
  return {
    name: EVENT.taskCreated,
    time,
    attributes: { [A.taskTitle]: text(title), [A.taskType]: type, [A.source]: EXPORT_SOURCE, ...more },
  };
}

export function completed(time: bigint): EventDraft {
  return { name: EVENT.taskCompleted, time, attributes: {} };
}
