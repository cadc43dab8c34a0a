import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  advice,
  confirmation,
  count,
  exportAgain,
  fails,
  finding,
  kindOf,
  malformed,
  malformedFile,
  onboardingSpot,
  passes,
  pointer,
} from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';
import { isNothing, metadataOf, own } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import { isJsonObject, type JsonObject } from '../host/json.ts';

const FILE = 'provenance.json';
/** Real exports stamp provenance a moment after the metadata; beyond this the two are of different runs. */
const APART_MS = 60_000;

export const provenanceConsistency = defineGate({
  key: 'provenance-consistency',
  title: 'Provenance consistency',
  phase: 'CONTRACT_INTEGRITY',
  stage: 'CONTRACT_INTEGRITY',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Do provenance and metadata tell of the same run of the export?',
  why: 'Files of two runs in one directory look complete and contradict each other.',
  reads: ['provenance.json', 'onboarding-metadata.json'],
  judge: (subject) => {
    const file = subject.provenance;
    if (file.state === 'absent') return { outcome: 'skipped', code: 'input_absent', reason: `The export has no ${FILE}.` };
    if (file.state === 'read' && isNothing(file.value)) return { outcome: 'skipped', code: 'input_absent', reason: `${FILE} is empty.` };
    const evidence = file.state === 'malformed' ? [malformedFile(subject, 'provenance', FILE, file.why)] : compare(subject, file.value);
    const problems = evidence.filter((item) => item.finding && item.type !== 'provenance_time');
    if (problems.length > 0) {
      const next = `Write the export again with "${exportAgain(subject)} --emit-provenance", so that all files are of one run.`;
      return fails(`${FILE} and the rest of the export do not agree in ${count(problems.length, 'point')}.`, next, evidence);
    }
    return passes(
      `${FILE} agrees with the metadata.`,
      [confirmation('provenance_verified', FILE, 'Source checksum and output files agree with the metadata.')],
      evidence,
    );
  },
});

function compare(subject: Subject, provenance: unknown): readonly Evidence[] {
  if (!isJsonObject(provenance)) return [malformed('provenance', '', `${FILE} is ${kindOf(provenance as never)}; it must be an object.`)];
  return [
    ...checksums(subject, provenance),
    ...directory(subject, provenance),
    ...outputs(subject, provenance),
    ...times(subject, provenance),
  ];
}

function checksums(subject: Subject, provenance: JsonObject): readonly Evidence[] {
  const there = own(provenance, 'sourceChecksum');
  const here = own(metadataOf(subject), 'source_checksum');
  if (isNothing(there)) return [];
  if (typeof there !== 'string')
    return [
      malformed('provenance', '/sourceChecksum', `"sourceChecksum" is ${kindOf(there)}; it must be a SHA-256 digest in hexadecimal.`),
    ];
  // What is wrong with the metadata's own value is the checksum gate's to say.
  if (typeof here !== 'string' || here === '' || here === there) return [];
  const description = `The metadata was made from a manifest with the checksum ${here.slice(0, 16)}…, ${FILE} from one with ${there.slice(0, 16)}…`;
  const at = [
    { file: 'provenance', path: '/sourceChecksum' },
    { file: 'manifest', path: '' },
  ] as const;
  return [finding('provenance_mismatch', 'source_checksum', description, { at, values: { expected: here, actual: there } })];
}

/** Segments are compared, so that "layout" does not pass for "out". */
function directory(subject: Subject, provenance: JsonObject): readonly Evidence[] {
  const there = own(provenance, 'outputDirectory');
  if (isNothing(there)) return [];
  if (typeof there !== 'string')
    return [malformed('provenance', '/outputDirectory', `"outputDirectory" is ${kindOf(there)}; it must be a path.`)];
  const segments = there.split(/[/\\]+/).filter((segment) => segment !== '' && segment !== '.');
  const here = subject.exportPath;
  const isTail = segments.length > 0 && segments.every((segment, index) => segment === here[here.length - segments.length + index]);
  if (isTail || segments.length === 0 || segments.at(-1) === here.at(-1)) return [];
  const description = `The export was written to "${there}" and is now read from "${subject.exportDir}".`;
  return [advice('provenance_info', 'outputDirectory', description, { at: [{ file: 'provenance', path: '/outputDirectory' }] })];
}

function outputs(subject: Subject, provenance: JsonObject): readonly Evidence[] {
  const files = own(provenance, 'outputFiles');
  if (files === undefined) return [];
  if (!Array.isArray(files))
    return [malformed('provenance', '/outputFiles', `"outputFiles" is ${kindOf(files)}; it must be a list of file names.`)];
  return files.flatMap((file, index) => {
    const path = pointer('outputFiles', index);
    if (typeof file !== 'string')
      return [malformed('provenance', path, `Entry ${index} of "outputFiles" is ${kindOf(file)}; it must be a file name.`)];
    if (subject.present.has(file)) return [];
    const at = [
      { file: 'provenance', path },
      { file: 'manifest', path: '' },
    ] as const;
    return [
      finding('missing_output_file', file, `${FILE} lists "${file}" among the outputs, but the export directory does not hold it.`, { at }),
    ];
  });
}

function times(subject: Subject, provenance: JsonObject): readonly Evidence[] {
  const here = own(metadataOf(subject), 'generated_at');
  const there = own(provenance, 'generatedAt');
  if (typeof here !== 'string' || typeof there !== 'string' || hasZone(here) !== hasZone(there)) return [];
  const apart = Math.abs(Date.parse(here) - Date.parse(there));
  if (!(apart > APART_MS)) return [];
  const description = `The metadata is of ${here}, ${FILE} of ${there}: ${Math.round(apart / 1000)} seconds apart, so they may be of different runs.`;
  return [
    finding('provenance_time', 'generated_at', description, {
      at: [{ file: 'provenance', path: '/generatedAt' }, onboardingSpot('generated_at')],
    }),
  ];
}

function hasZone(time: string): boolean {
  return /(?:Z|[+-]\d\d:?\d\d)$/i.test(time);
}
