import { holdsSecret, isSecretName } from '../host/secret-shapes.ts';
import { A } from './attributes.ts';
import type { AttributeValue, Drafts } from './draft.ts';

/** What later steps of a pipeline get: a W3C baggage list, and what of the one given could not be carried on. */
export interface Baggage {
  /** Absent when there is nothing to say. */
  readonly list?: string;
  /** One sentence each; never with a value. */
  readonly losses: readonly string[];
}

/** What OpenTelemetry's propagators carry (otel.md §2.4). */
const MOST_MEMBERS = 180;
const MEMBER_BYTES = 4_096;
const LIST_BYTES = 8_192;

/**
 * The context of the pipeline (pipeline.md §1.2), after the members that were given. Those are carried on as they are, properties included, and go no further: none
 * comes onto a span or into a file. What is shaped like a credential, or is no list member, is left out and told by its number.
 */
export function carriedBaggage(given: string | undefined, drafts: Drafts): Baggage {
  const own = ownMembers(drafts);
  const judged = (given ?? '').split(',').flatMap((text, index) => (text.trim() === '' ? [] : [judgeMember(text.trim(), index + 1)]));
  const theirs = judged.filter(({ fault, key }) => fault === undefined && !own.has(key));
  const ours = [...own].map(([key, value]) => `${key}=${value}`);
  const kept = fitting(
    theirs.map(({ text }) => text),
    ours,
  );
  const list = [...kept, ...ours].join(',');
  return { ...(list === '' ? {} : { list }), losses: [...lossesOf(judged), ...shortened(theirs.length - kept.length)] };
}

/** What this run adds: checksums of what the work was derived from, and the id under which the spans' resource names the run. */
function ownMembers({ resource, spans }: Drafts): ReadonlyMap<string, string> {
  const attributes = spans[0]?.attributes ?? {};
  const known: readonly (readonly [string, AttributeValue | undefined])[] = [
    ['contextcore.source_checksum', attributes[A.inputSourceChecksum]],
    ['contextcore.artifact_manifest_checksum', attributes[A.inputArtifactManifestChecksum]],
    ['contextcore.run_id', resource[A.serviceInstanceId]],
  ];
  return new Map(known.flatMap(([key, value]) => (typeof value === 'string' ? [[key, encodeURIComponent(value)] as const] : [])));
}

type MemberFault = 'form' | 'long' | 'secret';

interface Member {
  readonly text: string;
  readonly key: string;
  /** As people count. */
  readonly number: number;
  readonly fault?: MemberFault;
}

const TOKEN = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const OCTETS = String.raw`[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*`;
const MEMBER = new RegExp(String.raw`^(${TOKEN})[ \t]*=[ \t]*(${OCTETS})((?:[ \t]*;[ \t]*${TOKEN}(?:[ \t]*=[ \t]*${OCTETS})?)*)$`);

function judgeMember(text: string, number: number): Member {
  const [, key = '', value = '', properties = ''] = (text.length <= MEMBER_BYTES && MEMBER.exec(text)) || [];
  if (key === '') return { text, key, number, fault: text.length > MEMBER_BYTES ? 'long' : 'form' };
  const names = [key, ...properties.split(';').map((property) => property.split('=')[0]!.trim())];
  const isSecret = names.some(isSecretName) || [value, properties].some((said) => holdsSecret(decoded(said)));
  return { text, key, number, ...(isSecret ? { fault: 'secret' } : {}) };
}

const WHY: Readonly<Record<MemberFault, string>> = {
  form: 'not of the form key=value',
  long: `longer than ${MEMBER_BYTES} bytes`,
  secret: 'shaped like a credential',
};

function lossesOf(members: readonly Member[]): readonly string[] {
  return Object.entries(WHY).flatMap(([fault, why]) => {
    const numbers = members.filter((member) => member.fault === fault).map(({ number }) => number);
    if (numbers.length === 0) return [];
    const [entries, are] = numbers.length === 1 ? ['Entry', 'is'] : ['Entries', 'are'];
    const shown = numbers.length > 5 ? `${numbers.slice(0, 5).join(', ')} …` : numbers.join(', ');
    return [`${entries} ${shown} of BAGGAGE ${are} ${why}, and so not carried on.`];
  });
}

/** The first of them that leave room for ours. */
function fitting(theirs: readonly string[], ours: readonly string[]): readonly string[] {
  let room = LIST_BYTES - ours.join(',').length;
  const kept: string[] = [];
  for (const member of theirs) {
    room -= member.length + 1;
    if (room < 0 || kept.length + ours.length >= MOST_MEMBERS) break;
    kept.push(member);
  }
  return kept;
}

function shortened(left: number): readonly string[] {
  if (left === 0) return [];
  return [
    `BAGGAGE may have ${MOST_MEMBERS} entries and ${LIST_BYTES} bytes; the last ${left === 1 ? 'one does' : `${left} do`} not fit and ${left === 1 ? 'is' : 'are'} not carried on.`,
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
