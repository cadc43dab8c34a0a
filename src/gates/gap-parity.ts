import { artifactListOf, type ListedArtifact } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  confirmation,
  count,
  entrySpot,
  exportAgain,
  fails,
  finding,
  kindOf,
  malformed,
  onboardingSpot,
  passes,
  pointer,
  targetSpot,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { coverageOf, gapsOf, metadataOf, own, sectionOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import { sortByCodePoint } from '../host/code-points.ts';
import { isJsonObject, type JsonValue } from '../host/json.ts';

export const gapParity = defineGate({
  key: 'gap-parity',
  title: 'Gap parity',
  phase: 'INGEST_PARSE_ASSESS',
  stage: 'INGEST_PARSE_ASSESS',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Is there exactly one planned feature for every gap, and none for anything else?',
  why: 'A gap without a feature is never built; a feature without a gap is built twice.',
  reads: ['coverage.gaps', 'file_ownership', 'coverage.byTarget', 'statuses in the artifact manifest'],
  judge: (subject) => {
    const gaps = gapsOf(subject);
    const features = featuresOf(subject);
    const wrong = [...wrongGaps(subject), ...features.wrong];
    if (wrong.length === 0 && gaps.ids.length === 0) return { outcome: 'skipped', code: 'no_gaps', reason: 'No artifact is missing.' };
    if (wrong.length === 0 && features.spots.size === 0) {
      return {
        outcome: 'skipped',
        code: 'no_features',
        reason: 'Neither file_ownership nor coverage.byTarget names a feature to compare with.',
      };
    }
    const [missing, orphans] = gaps.readable ? compare(subject, gaps.ids, features.spots) : [[], []];
    const evidence = [...wrong, ...missing, ...orphans];
    if (evidence.length === 0) {
      const same = confirmation(
        'gap_parity_verified',
        'coverage',
        `${count(new Set(gaps.ids).size, 'gap')} and as many features, the same ids.`,
      );
      return passes('Gaps and features are the same artifacts.', [same]);
    }
    const parts = [
      missing.length > 0 ? `${count(missing.length, 'gap')} without a feature` : '',
      orphans.length > 0 ? `${count(orphans.length, 'feature')} without a gap` : '',
      wrong.length > 0 ? `${count(wrong.length, 'entry', 'entries')} that cannot be read` : '',
    ];
    return fails(
      `Gaps and features differ: ${parts.filter(Boolean).join(', ')}.`,
      `Write the export again with "${exportAgain(subject)}"; gaps and file_ownership then come from the same artifacts.`,
      evidence,
    );
  },
});

function wrongGaps(subject: Subject): readonly Evidence[] {
  const gaps = own(coverageOf(subject), 'gaps');
  if (gaps === undefined) return [];
  if (!Array.isArray(gaps))
    return [malformed('onboarding', '/coverage/gaps', `"coverage.gaps" is ${kindOf(gaps)}; it must be a list of artifact ids.`)];
  return gaps.flatMap((id, index) =>
    isId(id)
      ? []
      : [malformed('onboarding', pointer('coverage', 'gaps', index), `Gap ${index} is ${kindOf(id)}; it must be an artifact id.`)],
  );
}

interface Features {
  /** The ids planned, each with the place that names it. */
  readonly spots: ReadonlyMap<string, Spot>;
  readonly wrong: readonly Evidence[];
}

function featuresOf(subject: Subject): Features {
  const owned = fromOwnership(subject);
  return owned.spots.size > 0 || owned.wrong.length > 0 ? owned : fromTargets(subject);
}

function fromOwnership(subject: Subject): Features {
  const section = sectionOf(subject, 'file_ownership');
  if (section.state === 'absent') return { spots: new Map(), wrong: [] };
  if (section.state === 'malformed') {
    return {
      spots: new Map(),
      wrong: [
        malformed(
          'onboarding',
          '/file_ownership',
          `"file_ownership" is ${kindOf(section.value)}; it must be an object of entries by file path.`,
        ),
      ],
    };
  }
  const gathered = gatherer();
  for (const [path, entry] of Object.entries(section.value)) {
    if (!isJsonObject(entry))
      gathered.reject(pointer('file_ownership', path), `The owner of "${path}" is ${kindOf(entry)}; it must be an object.`);
    else gathered.take(own(entry, 'artifact_ids'), ['file_ownership', path, 'artifact_ids']);
  }
  return gathered;
}

function fromTargets(subject: Subject): Features {
  const targets = own(coverageOf(subject), 'byTarget');
  const gathered = gatherer();
  if (targets === undefined) return gathered;
  if (!Array.isArray(targets)) gathered.reject('/coverage/byTarget', `"coverage.byTarget" is ${kindOf(targets)}; it must be a list.`);
  else {
    targets.forEach((target, index) => {
      if (!isJsonObject(target))
        gathered.reject(
          pointer('coverage', 'byTarget', index),
          `Entry ${index} of "coverage.byTarget" is ${kindOf(target)}; it must be an object.`,
        );
      else gathered.take(own(target, 'gaps'), ['coverage', 'byTarget', index, 'gaps']);
    });
  }
  return gathered;
}

function gatherer() {
  const spots = new Map<string, Spot>();
  const wrong: Evidence[] = [];
  const reject = (path: string, description: string) => wrong.push(malformed('onboarding', path, description));
  const take = (ids: JsonValue | undefined, keys: readonly (string | number)[]) => {
    if (ids === undefined) return;
    if (!Array.isArray(ids)) {
      reject(pointer(...keys), `"${keys.join('.')}" is ${kindOf(ids)}; it must be a list of artifact ids.`);
      return;
    }
    ids.forEach((id, index) => {
      if (!isId(id)) reject(pointer(...keys, index), `Entry ${index} of "${keys.join('.')}" is ${kindOf(id)}; it must be an artifact id.`);
      else if (!spots.has(id)) spots.set(id, onboardingSpot(...keys, index));
    });
  };
  return { spots, wrong, reject, take };
}

/**
 * What exists already is no feature, although its file has an owner (gates.md G-1, G-2). An artifact manifest that is no longer the one exported can
 * excuse a feature, but what it says makes no gap a missing one: that it changed is the checksum gate's to tell.
 */
function compare(
  subject: Subject,
  ids: readonly string[],
  spots: ReadonlyMap<string, Spot>,
): readonly [readonly Evidence[], readonly Evidence[]] {
  const list = artifactListOf(subject);
  const known: ReadonlyMap<string, ListedArtifact> = list.state === 'read' ? list.artifacts : new Map();
  const isNeeded = (id: string) => (known.get(id)?.status ?? 'needed') === 'needed';
  const gaps = new Map(ids.map((id, index) => [id, index] as const));
  const features = new Set([...spots.keys()].filter(isNeeded));
  const planned = isAsExported(subject) ? features : spots;
  const missing = sorted([...gaps.keys()].filter((id) => !planned.has(id))).map((id) => missingFeature(id, gaps.get(id)!, known.get(id)));
  const orphans = sorted([...features].filter((id) => !gaps.has(id))).map((id) => orphanFeature(id, spots.get(id)!));
  return [missing, orphans];
}

function isAsExported(subject: Subject): boolean {
  const file = subject.artifactManifest;
  return file.state === 'read' && file.sha256 === own(metadataOf(subject), 'artifact_manifest_checksum');
}

function missingFeature(id: string, index: number, artifact: ListedArtifact | undefined): Evidence {
  const isThere = artifact !== undefined && artifact.status !== 'needed' && artifact.status !== '';
  const description = isThere
    ? `"${id}" is listed as a gap, but the artifact manifest has it as "${artifact.status}".`
    : `"${id}" is a gap, but no file of the plan is to hold it.`;
  const at = [entrySpot(id), ...(artifact?.target ? [targetSpot(artifact.target)] : []), onboardingSpot('coverage', 'gaps', index)];
  return finding('missing_feature', id, description, { artifact: id, at });
}

function orphanFeature(id: string, spot: Spot): Evidence {
  return finding('orphan_feature', id, `A file of the plan is to hold "${id}", but it is not among the gaps.`, {
    artifact: id,
    at: [entrySpot(id), spot],
  });
}

function sorted(ids: readonly string[]): readonly string[] {
  return sortByCodePoint(ids, (id) => id);
}

function isId(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
