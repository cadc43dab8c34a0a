import type { Finding } from '../gatekeeper/verdict.ts';
import type { Place } from '../host/place.ts';

/** Findings of one code and level on one line, told together. */
export interface FindingGroup {
  readonly code: string;
  readonly level: Finding['level'];
  /** Without columns where the findings point at different ones. */
  readonly place: Place | undefined;
  readonly excerpt: string | undefined;
  readonly findings: readonly Finding[];
  /** Whether this change made all of them; absent where that is not known of each. */
  readonly state?: Finding['state'];
  /** What was found, each sentence once, under the next action that they share. */
  readonly advice: readonly { readonly messages: readonly string[]; readonly nextAction: string | undefined }[];
}

/** Groups in the order of their first finding, so that a ranked list stays ranked. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = Map.groupBy(findings, ({ level, code, place, state, first }) =>
    JSON.stringify([level, code, place?.file, place?.line, state, first]),
  );
  return [...groups.values()].map((alike) => {
    const [first] = alike;
    const advice = Map.groupBy(alike, (finding) => finding.nextAction);
    return {
      code: first!.code,
      level: first!.level,
      place: commonPlace(alike),
      excerpt: first!.excerpt,
      findings: alike,
      ...(first!.state && { state: first!.state }),
      advice: [...advice].map(([nextAction, own]) => ({ messages: [...new Set(own.map(toldOf))], nextAction })),
    };
  });
}

/** What a waiver accepts is said with who accepted it. */
function toldOf({ message, waived }: Finding): string {
  return waived === undefined
    ? message
    : `${message} Waived until ${waived.expires} by ${waived.owner} (${waived.level} otherwise): ${waived.reason}`;
}

function commonPlace(findings: readonly Finding[]): Place | undefined {
  const place = findings[0]?.place;
  if (place === undefined || findings.every((finding) => isSame(finding.place, place))) return place;
  return { file: place.file, line: place.line };
}

function isSame(one: Place | undefined, other: Place): boolean {
  return one?.column === other.column && one?.endLine === other.endLine && one?.endColumn === other.endColumn;
}
