import { join, relative, sep } from 'node:path';
import type { ExportDraft } from '../export/draft-export.ts';
import { fileNames } from '../export/export-input.ts';
import { jsonBytes } from '../export/json-text.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import { given } from '../host/given.ts';
import { isWithin } from '../host/within.ts';
import type { World } from '../host/world.ts';
import type { RunSettings } from '../run.ts';
import type { Shelves } from '../shelves.ts';
import { carriedBaggage } from '../telemetry/baggage.ts';
import type { Drafts } from '../telemetry/draft.ts';
import type { StageRecord } from '../telemetry/draft-input.ts';
import { draftMetrics } from '../telemetry/draft-metrics.ts';
import { draftSpans } from '../telemetry/draft-spans.ts';
import type { Emission } from '../telemetry/emission.ts';
import { emit, SPOOL_NAME } from '../telemetry/emit.ts';
import { PREVIEW_NAME, previewDocument, SPAN_IDS_NAME, spanIdsDocument } from '../telemetry/preview.ts';
import { traceparentOf } from '../telemetry/trace-context.ts';
import { version } from '../version.ts';
import type { Prepared } from './prepare.ts';
import { runContext } from './run-context.ts';

/** What a run is told of its trace. */
export type TraceOrder = Pick<
  RunSettings,
  | 'mode'
  | 'emitTasks'
  | 'otlpEndpoint'
  | 'otlpHeaders'
  | 'otlpProtocol'
  | 'otlpTimeoutMs'
  | 'traceparent'
  | 'tracePlacement'
  | 'traceLimit'
  | 'ci'
>;

/** What the trace is drafted from. */
export interface TraceFacts {
  readonly prepared: Prepared;
  readonly draft: ExportDraft;
  readonly stages: readonly StageRecord[];
  readonly gates: readonly GateResult[];
}

/** The plan, with the gates' answers, as spans, and what is measured of them. `losses` tells what of the context could not be followed. */
export function draftTrace(
  order: TraceOrder,
  { prepared, draft, stages, gates }: TraceFacts,
  world: World,
  shelves: Shelves,
): { readonly drafts: Drafts; readonly losses: readonly string[] } {
  const context = runContext(order, prepared.gathered.previous.spanIds, world);
  const names = fileNames(prepared.input);
  const sha = (name: string) => draft.files.find((file) => file.name === name)?.sha256;
  const drafts = draftSpans({
    plan: prepared.plan,
    contract: prepared.contract,
    types: shelves.types,
    gates,
    stages,
    checksums: given({
      source: prepared.gathered.parsed.source.sha256,
      artifactManifest: sha(names.artifactManifest),
      projectContext: sha(names.projectContext),
    }),
    context: context.value,
    ids: prepared.ids,
    now: world.clock.now(),
    version,
    traceLimit: order.traceLimit,
  });
  const { parsed, policyWarnings } = prepared.gathered;
  const metrics = draftMetrics({
    drafts,
    contract: prepared.contract,
    types: shelves.types,
    gates,
    manifest: parsed.warnings,
    policy: policyWarnings,
  });
  return { drafts: { ...drafts, ...given({ metrics }) }, losses: context.losses };
}

/** Sends or spools what was drafted. The spool stands in `target`, an absolute directory, from its first line on. */
export async function sendTrace(order: TraceOrder, drafts: Drafts, target: string, world: World, name = SPOOL_NAME): Promise<Emission> {
  const spoolPath = join(target, name);
  const settings = {
    mode: order.emitTasks,
    timeoutMs: order.otlpTimeoutMs,
    spoolPath,
    spoolShown: shown(world, spoolPath),
    ...given({ endpoint: order.otlpEndpoint, headers: order.otlpHeaders, protocol: order.otlpProtocol }),
  };
  return emit(drafts, settings, world);
}

/** The preview and, for spans that are or will be somewhere, their ids. */
export function traceFiles(
  drafts: Drafts,
  emission: Emission,
  world: World,
): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const previewed = emission.state === 'previewed';
  const preview = { name: PREVIEW_NAME, bytes: jsonBytes(previewDocument(drafts, previewed)) };
  if (previewed) return [preview];
  return [preview, { name: SPAN_IDS_NAME, bytes: jsonBytes(spanIdsDocument(drafts, world.clock.now())) }];
}

/** The context that later steps continue: the trace, and beside it what of the pipeline they should know. */
export function passOn(drafts: Drafts, world: World): PassedOn {
  const { list, losses } = carriedBaggage(world.env['BAGGAGE'], drafts);
  return { traceparent: traceparentOf(drafts.traceId, drafts.epicSpanId), ...given({ baggage: list }), losses };
}

/** W3C trace context and baggage. */
export interface PassedOn {
  readonly traceparent?: string;
  readonly baggage?: string;
  readonly losses: readonly string[];
}

/** As a person at the root would type it; what lies elsewhere by its last two names, since nothing that is kept may hold an absolute path. */
export function shown(world: World, path: string): string {
  return (isWithin(world.root, path) ? relative(world.root, path).split(sep) : path.split(sep).slice(-2)).join('/') || '.';
}
