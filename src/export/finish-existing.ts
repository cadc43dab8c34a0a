import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Emission } from '../telemetry/emission.ts';
import { type ExportFile, file } from './draft-export.ts';
import { ONBOARDING, RUN_PROVENANCE } from './export-input.ts';
import { emissionKeys } from './finish-export.ts';
import { jsonBytes } from './json-text.ts';

/** The onboarding metadata of an export that was read back, told what became of its trace; and its run provenance with the new fingerprint. */
export function finishExisting(onboarding: JsonObject, runProvenance: JsonValue | undefined, emission: Emission): readonly ExportFile[] {
  const { task_trace_id: _id, task_emission_timestamp: _at, task_emission: _told, ...kept } = onboarding;
  const metadata = file(ONBOARDING, jsonBytes({ ...kept, ...emissionKeys(emission) }));
  if (!isJsonObject(runProvenance) || !Array.isArray(runProvenance['outputs'])) return [metadata];
  const outputs = runProvenance['outputs'].map((output: JsonValue) =>
    isJsonObject(output) && typeof output['path'] === 'string' && output['path'].split('/').at(-1) === ONBOARDING
      ? { ...output, sha256: metadata.sha256 }
      : output,
  );
  return [metadata, file(RUN_PROVENANCE, jsonBytes({ ...runProvenance, outputs }))];
}
