import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  confirmation,
  count,
  exportAgain,
  fails,
  finding,
  kindOf,
  malformed,
  named,
  onboardingSpot,
  passes,
  pointer,
  UNREADABLE,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { metadataOf, own } from '../gatekeeper/read-subject.ts';
import type { NamedFile, Subject } from '../gatekeeper/subject.ts';

interface Link {
  readonly key: string;
  readonly path: string;
  readonly what: string;
  readonly file: (subject: Subject) => NamedFile;
  readonly spot: Spot;
  /** The export ships the file, so that its absence is a failure; the source manifest may lie elsewhere. */
  readonly shipped: boolean;
}

const LINKS: readonly Link[] = [
  {
    key: 'source_checksum',
    path: 'source_path_relative',
    what: 'the source manifest',
    file: (s) => s.source,
    spot: { file: 'manifest', path: '' },
    shipped: false,
  },
  {
    key: 'artifact_manifest_checksum',
    path: 'artifact_manifest_path',
    what: 'the artifact manifest',
    file: (s) => s.artifactManifest,
    spot: { file: 'artifact-manifest', path: '' },
    shipped: true,
  },
  {
    key: 'project_context_checksum',
    path: 'project_context_path',
    what: 'the project context',
    file: (s) => s.projectContext,
    spot: { file: 'project-context', path: '' },
    shipped: true,
  },
];

export const checksumChain = defineGate({
  key: 'checksum-chain',
  title: 'Checksum chain',
  phase: 'CONTRACT_INTEGRITY',
  stage: 'CONTRACT_INTEGRITY',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Are the source manifest, the artifact manifest and the project context still the bytes that the export recorded?',
  why: 'Work planned from a contract that has changed since is work on something nobody asked for.',
  reads: ['source_checksum', 'artifact_manifest_checksum', 'project_context_checksum', 'the three files'],
  judge: (subject) => {
    const seen = LINKS.map((link) => compare(subject, link));
    const problems = seen.flatMap((one) => (one.state === 'broken' ? [one.evidence] : []));
    const unverified = seen.flatMap((one) => (one.state === 'unverified' ? [one.evidence] : []));
    const verified = seen.flatMap((one) => (one.state === 'equal' ? [one.key] : []));
    if (problems.length > 0) {
      const again = `If the change was meant, write the export again with "${exportAgain(subject)}"; if not, restore the file.`;
      return fails(
        `${count(problems.length, 'checksum')} of the export ${problems.length === 1 ? 'does' : 'do'} not hold: ${named(problems.map((item) => item.ref))}.`,
        again,
        [...problems, ...unverified],
      );
    }
    if (verified.length === 0)
      return {
        outcome: 'skipped',
        code: 'not_verifiable',
        reason: 'No checksum stands beside a file that could be read, so nothing was compared.',
      };
    const description = `${count(verified.length, 'checksum')} recomputed and equal: ${named(verified)}.`;
    const all = confirmation('checksum_verified', 'all', description, { values: { verified: verified.length } });
    return passes(
      `${count(verified.length, 'file')} of ${LINKS.length} still ${verified.length === 1 ? 'has' : 'have'} the recorded checksum.`,
      [all],
      unverified,
    );
  },
});

type Compared =
  | { readonly state: 'equal'; readonly key: string }
  | { readonly state: 'broken' | 'unverified'; readonly evidence: Evidence };

function compare(subject: Subject, link: Link): Compared {
  const stored = own(metadataOf(subject), link.key);
  const file = link.file(subject);
  const at = [link.spot, onboardingSpot(link.key)];
  const path = own(metadataOf(subject), link.path);
  if (stored !== undefined && stored !== null && typeof stored !== 'string') {
    return broken(
      malformed('onboarding', pointer(link.key), `"${link.key}" is ${kindOf(stored)}; it must be a SHA-256 digest in hexadecimal.`),
    );
  }
  if (path !== undefined && path !== null && typeof path !== 'string') {
    return broken(malformed('onboarding', pointer(link.path), `"${link.path}" is ${kindOf(path)}; it must be the name of a file.`));
  }
  if (file.state === 'malformed')
    return broken(malformed('onboarding', pointer(link.path), `"${file.name}" (${link.what}) cannot be hashed: ${UNREADABLE[file.why]}.`));
  if (!stored) return unverified(link.key, `No "${link.key}" is recorded, so ${link.what} was not verified.`);
  if (file.state === 'read') return file.sha256 === stored ? { state: 'equal', key: link.key } : broken(mismatch(link, stored, file, at));
  if (file.state === 'unnamed') return unverified(link.key, `"${link.path}" names no file, so ${link.what} was not verified.`, link.path);
  const fault = file.state === 'outside' ? 'leads out of the directories an export may name' : 'does not exist';
  if (link.shipped) {
    return broken(
      finding('checksum_missing', link.key, `"${file.name}" (${link.what}) ${fault}, so its recorded checksum cannot hold.`, {
        at: [onboardingSpot(link.path)],
      }),
    );
  }
  return unverified(
    link.key,
    `"${file.name}" (${link.what}) ${fault}, so it was not verified; run the check where the manifest lies.`,
    link.path,
  );
}

function broken(evidence: Evidence): Compared {
  return { state: 'broken', evidence };
}

function unverified(key: string, description: string, pathKey = key): Compared {
  return {
    state: 'unverified',
    evidence: finding('checksum_unverified', key, description, { at: [onboardingSpot(pathKey), { file: 'manifest', path: '' }] }),
  };
}

function mismatch(link: Link, stored: string, file: Extract<NamedFile, { state: 'read' }>, at: readonly Spot[]): Evidence {
  const values = { expected: stored, actual: file.sha256 };
  return finding('checksum_mismatch', link.key, `${capital(link.what)} "${file.name}" ${difference(stored, file.sha256)}.`, { at, values });
}

/** Digests are compared letter by letter; what only looks different is said so, since another mend is due. */
function difference(stored: string, actual: string): string {
  const bare = stored.replace(/^sha256:/i, '');
  if (bare !== stored && bare.toLowerCase() === actual)
    return 'is unchanged, but the recorded checksum has a "sha256:" prefix; record the 64 digits alone';
  if (stored.toLowerCase() === actual) return 'is unchanged, but the recorded checksum is in upper case; record it in lower case';
  return `has changed since the export: recorded ${stored.slice(0, 16)}…, now ${actual.slice(0, 16)}…`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
