import type { Judgement } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';
import { commonName } from './otlp-read.ts';

/** What a receiver answered when it did not simply take a request: clauses that complete "the receiver …". */
export interface Troubles {
  readonly add: (judgement: Judgement, line: OtlpLine) => void;
  /** A span that is too large by itself. Returns how many there were. */
  readonly addTooLarge: (judgement: Judgement, span: OtlpLine) => number;
  /** Each once; what it refused of several requests for one reason is told together. `offered` is how many spans there were in all. */
  readonly clauses: (offered: number) => readonly string[];
}

interface Refusal {
  readonly rejected: number;
  readonly first: number;
  readonly spans: number;
  /** Known only where all spans of the request have it, since a receiver does not say which ones it refused. */
  readonly name: string | undefined;
}

export function gatherTroubles(): Troubles {
  const plain = new Set<string>();
  const refusals = new Map<string, Refusal[]>();
  const tooLarge: { reason: string; readonly bytes: number[] } = { reason: '', bytes: [] };
  return {
    add: (judgement, line) => {
      const { first, spans, body } = line;
      if (judgement.kind !== 'accepted' || judgement.rejected === 0 || first === undefined) plain.add(judgement.reason ?? '');
      else {
        const { rejected, said = '' } = judgement;
        refusals.set(said, [...(refusals.get(said) ?? []), { rejected, first, spans, name: commonName(body) }]);
      }
    },
    addTooLarge: ({ reason = '' }, { body }) => {
      tooLarge.reason ||= reason;
      return tooLarge.bytes.push(body.byteLength);
    },
    clauses: (offered) => [
      ...[...plain].filter((reason) => reason !== ''),
      ...[...refusals].map(([said, group]) => refusalClause(said, group, offered)),
      ...(tooLarge.bytes.length > 0 ? [tooLargeClause(tooLarge.reason, tooLarge.bytes)] : []),
    ],
  };
}

const SHOWN = 3;

function refusalClause(said: string, group: readonly Refusal[], offered: number): string {
  const [only] = group;
  const names = new Set(group.map(({ name }) => name));
  const [name] = names;
  const kind = names.size === 1 && name ? `, all ${name}` : '';
  const why = said === '' ? '' : `: "${said}"`;
  if (group.length === 1 && only!.spans === offered) return `rejected ${only!.rejected} of ${offered} spans${kind}${why}`;
  if (group.length === 1) return `rejected ${only!.rejected} of the ${only!.spans} spans ${rangeOf(only!)}${kind}${why}`;
  const rejected = group.reduce((sum, refusal) => sum + refusal.rejected, 0);
  const ranges = group.toSorted((a, b) => a.first - b.first).map(rangeOf);
  const more = ranges.length > SHOWN ? ` and ${ranges.length - SHOWN} more` : '';
  return `rejected ${rejected} spans in ${group.length} requests (spans ${ranges.slice(0, SHOWN).join(', ')}${more})${kind}${why}`;
}

function rangeOf({ first, spans }: Refusal): string {
  return spans === 1 ? `${first}` : `${first} to ${first + spans - 1}`;
}

function tooLargeClause(reason: string, bytes: readonly number[]): string {
  const smallest = bytes.reduce((least, size) => Math.min(least, size));
  return `${reason}, even with one span in it (${bytes.length === 1 ? `of ${smallest} bytes` : `${bytes.length} of ${smallest} bytes and more`})`;
}
