import { meant } from '../host/nearest.ts';
import type { Fault } from '../manifest/manifest.ts';
import { paint } from '../report/paint.ts';
import { problemLines } from '../report/problem-text.ts';

/** One fault of a file as plain text, ended by a line break: place, the line with a caret, sentence, suggestion. */
export function faultLines(fault: Fault, options: { readonly colour: boolean; readonly width?: number }): string {
  const { code, severity, place, message, excerpt, suggestion } = fault;
  const problem = { code, level: severity, place, excerpt, advice: [{ messages: [message], nextAction: meant(suggestion, message) }] };
  return problemLines(problem, paint(options.colour), options.width ?? 100).join('\n') + '\n';
}
