import type { JsonObject } from '../host/json.ts';
import type { OtlpLine } from './otlp-json.ts';
import { objects, parseRequest } from './otlp-read.ts';

/** A request in two, each with half of the spans under the resource and scope they had; undefined when there is one span or none. */
export function splitLine({ body, spans, first }: OtlpLine): readonly [OtlpLine, OtlpLine] | undefined {
  const request = spans > 1 ? parseRequest(body) : undefined;
  if (!request) return undefined;
  const half = Math.ceil(spans / 2);
  const part = (start: number, end: number): OtlpLine => ({
    body: Buffer.from(JSON.stringify(within(request, start, end))),
    spans: end - start,
    ...(first === undefined ? {} : { first: first + start }),
  });
  return [part(0, half), part(half, spans)];
}

/** The request with the spans from `start` up to `end`, counted through the whole of it. */
function within(request: JsonObject, start: number, end: number): JsonObject {
  let at = 0;
  const scopeSpans = (scope: JsonObject): readonly JsonObject[] => {
    const all = objects(scope['spans']);
    const spans = all.slice(Math.max(0, start - at), Math.max(0, end - at));
    at += all.length;
    return spans.length === 0 ? [] : [{ ...scope, spans }];
  };
  const resourceSpans = (resource: JsonObject): readonly JsonObject[] => {
    const scopes = objects(resource['scopeSpans']).flatMap(scopeSpans);
    return scopes.length === 0 ? [] : [{ ...resource, scopeSpans: scopes }];
  };
  return { ...request, resourceSpans: objects(request['resourceSpans']).flatMap(resourceSpans) };
}
