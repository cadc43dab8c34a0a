import type { JsonValue } from '../host/json.ts';
import { createFaultBook, type FaultBook, makeFault, type Path, type Side, type Spot } from './fault.ts';
import type { Fault } from './manifest.ts';
import { readPlainValues } from './plain-values.ts';
import { createShowRange, decodeText, type Problem, type ShowRange } from './source-text.ts';
import { findWritten, rangeOf } from './yaml-find.ts';
import { composeYaml } from './yaml-syntax.ts';
import { type AmbiguousScalar, readValues, type YamlValues } from './yaml-values.ts';

/** A YAML 1.2 document as plain values, which still knows where each of them was written. */
export interface YamlDocument {
  /** JSON-safe; dates, and numbers that JSON lacks, are the text as written. */
  readonly root: JsonValue;
  readonly ambiguous: readonly AmbiguousScalar[];
  /** Keys that are no text in YAML (`1: x`, `null: x`); in `root` they are the text as written. */
  readonly oddKeys: readonly Path[];
  find(path: Path, side: Side): Spot;
  /** A scalar as written, quotes included; undefined of anything else. */
  written(path: Path): string | undefined;
  lineOf(path: Path): number;
  /** A new book of this file's faults, repeated keys already in it. */
  openBook(): FaultBook;
}

export type ReadYaml = { readonly ok: true; readonly document: YamlDocument } | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Reads one YAML 1.2 document (core schema, anchors, aliases and merge keys) within bounds on size, depth and number of values.
 * A file that cannot be read gives its faults, never an exception. `file` names it in places.
 */
export function readYaml(bytes: Uint8Array, file: string): ReadYaml {
  const { text, problem } = decodeText(bytes);
  const show = createShowRange(text, file);
  if (problem) return refused([problem], show);
  const plain = readPlainValues(text);
  return plain ? { ok: true, document: openDocument(text, plain, show) } : parse(text, show);
}

/** The same by the parser that knows all of YAML. */
export function parseYaml(bytes: Uint8Array, file: string): ReadYaml {
  const { text, problem } = decodeText(bytes);
  const show = createShowRange(text, file);
  return problem ? refused([problem], show) : parse(text, show);
}

function parse(text: string, show: ShowRange): ReadYaml {
  const composed = composeYaml(text);
  if ('problems' in composed) return refused(composed.problems, show);
  const values = readValues(composed.contents, (offset) => show([offset, offset]).place.line);
  if ('problem' in values) return refused([values.problem], show);
  return { ok: true, document: openDocument(text, values, show) };
}

function refused(problems: readonly Problem[], show: ShowRange): ReadYaml {
  return { ok: false, faults: problems.map(({ code, message, range }) => makeFault('error', code, [], message, show(range))) };
}

function openDocument(text: string, values: YamlValues, show: ShowRange): YamlDocument {
  const find = (path: Path, side: Side): Spot => {
    const found = findWritten(values.span, path);
    return { path: found.written, ...show(rangeOf(found, text, side)) };
  };
  return {
    root: values.root,
    ambiguous: values.ambiguous,
    oddKeys: values.oddKeys,
    find,
    written: (path) => {
      const { span, exact } = findWritten(values.span, path);
      return exact && span.children === undefined ? text.slice(span.start, span.end) : undefined;
    },
    lineOf: (path) => find(path, 'value').place.line,
    openBook: () =>
      createFaultBook(
        find,
        values.duplicates.map(({ code, message, range, path }) => makeFault('error', code, path, message, show(range))),
      ),
  };
}
