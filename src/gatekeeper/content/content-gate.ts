import { advice, confirmation, count, finding } from '../evidence.ts';
import type { Evidence, GateResult, Judgement } from '../gate.ts';
import { type GateCard, type GateOccasion, libraryResult } from '../single-gate.ts';
import type { SourceFile, SourceTree } from './source-tree.ts';

/** What is the same about every gate that reads sources (gates.md §6): when it fails, it blocks. */
export type ContentCard = Pick<GateCard, 'key' | 'title' | 'asks' | 'why' | 'reads'>;

/** What a rule made of the files. `of` is all it saw, where it stopped counting evidence at the cap. */
export type Reading =
  | { readonly state: 'clean'; readonly confirmations: readonly Evidence[]; readonly reason: string; readonly asides?: readonly Evidence[] }
  | { readonly state: 'soiled'; readonly findings: readonly Evidence[]; readonly reason: string; readonly nextAction: string }
  | { readonly state: 'blind'; readonly reason: string };

/** A gate shows this many pieces of evidence. */
const EVIDENCE_CAP = 20;

/** Lets a rule read a tree. A tree that is not there is no pass, and files that nobody could read are told beside one. */
export function judgeContent(
  card: ContentCard,
  tree: SourceTree,
  occasion: GateOccasion,
  read: (files: readonly SourceFile[]) => Reading,
): GateResult {
  return libraryResult({ ...COMMON, ...card }, judgementOf(tree, read), occasion);
}

/** A finding in a source file; the line where one is known. */
export function findingIn(type: string, file: SourceFile, line: number | undefined, ref: string, description: string): Evidence {
  return finding(type, ref, description, { at: [{ file: 'generated', name: file.path, path: line === undefined ? '' : `:${line}` }] });
}

export function clean(type: string, ref: string, description: string, reason: string, asides: readonly Evidence[] = []): Reading {
  return { state: 'clean', confirmations: [confirmation(type, ref, description)], reason, asides };
}

const COMMON = {
  phase: 'FINALIZE_VERIFY',
  stage: 'FINALIZE_VERIFY',
  group: 'ours',
  fails: { severity: 'error', blocking: true },
} as const;

function judgementOf(tree: SourceTree, read: (files: readonly SourceFile[]) => Reading): Judgement {
  if (tree.state === 'absent')
    return { outcome: 'skipped', code: 'input_absent', reason: `There is no source directory "${tree.dir}", so nothing was read.` };
  const reading = read(tree.files);
  if (reading.state === 'blind') return { outcome: 'skipped', code: 'not_verifiable', reason: reading.reason };
  const unread = tree.unread.map(({ path, why }) => advice('file_unread', path, `"${path}" was not looked at: ${why}.`));
  if (reading.state === 'soiled') {
    const { findings, reason, nextAction } = reading;
    const evidence = findings.length > EVIDENCE_CAP ? findings.slice(0, EVIDENCE_CAP) : [...findings, ...unread].slice(0, EVIDENCE_CAP);
    const cut = findings.length > EVIDENCE_CAP ? ` The first ${EVIDENCE_CAP} of ${count(findings.length, 'finding')} are listed.` : '';
    return { outcome: 'fail', reason: reason + cut, nextAction, evidence };
  }
  const asides = [...(reading.asides ?? []), ...unread];
  const evidence = [...reading.confirmations, ...asides].slice(0, EVIDENCE_CAP);
  return asides.length > 0
    ? { outcome: 'pass', advisory: true, reason: reading.reason, evidence }
    : { outcome: 'pass', reason: reading.reason, evidence };
}
