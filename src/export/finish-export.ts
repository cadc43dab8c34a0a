import type { Emission } from '../telemetry/emission.ts';
import type { Document } from './document.ts';
import { type ExportDraft, file, fingerprinted } from './draft-export.ts';
import { ONBOARDING } from './export-input.ts';
import { jsonText } from './json-text.ts';

/**
 * Writes into the onboarding metadata what became of the trace, and then fingerprints it anew. `task_trace_id` is there only when a backend accepted every
 * span; `task_emission` always tells. Without an emission the export is, byte for byte, the one that was drafted.
 */
export function finishExport(draft: ExportDraft, emission: Emission | undefined): ExportDraft {
  if (!emission || !draft.files.some(({ name }) => name === ONBOARDING)) return draft;
  const keys = jsonText(emissionKeys(emission));
  const files = draft.files.map((found) => (found.name === ONBOARDING ? file(ONBOARDING, withKeys(found.bytes, keys)) : found));
  return fingerprinted({ ...draft, files });
}

export function emissionKeys(emission: Emission): Document {
  const sent = emission.state === 'sent';
  return {
    task_trace_id: sent ? emission.traceId : undefined,
    task_emission_timestamp: sent ? emission.acceptedAt : undefined,
    task_emission: {
      state: emission.state,
      reason: emission.reason,
      trace_id: emission.traceId ?? null,
      spool: emission.spool ?? null,
      drafted: emission.drafted,
      sent: emission.sent,
      spooled: emission.spooled,
      lost: emission.lost,
    },
  };
}

/** The members of one JSON object after those of another, without parsing what may be tens of megabytes: both end as `jsonText` ends them, `\n}`. */
function withKeys(object: Uint8Array, more: string): Uint8Array {
  return Buffer.concat([object.subarray(0, object.length - 2), Buffer.from(',' + more.slice(1))]);
}
