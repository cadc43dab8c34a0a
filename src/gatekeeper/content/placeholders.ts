import { advice, count } from '../evidence.ts';
import type { Evidence, GateResult } from '../gate.ts';
import type { GateOccasion } from '../single-gate.ts';
import { clean, findingIn, judgeContent, type Reading } from './content-gate.ts';
import { isSource, numberedLines, type SourceFile, type SourceTree } from './source-tree.ts';

/** Asks whether anything in the sources still waits to be written. Further patterns are regular expressions; one that is none is told, and not tried. */
export function checkPlaceholders(tree: SourceTree, occasion: GateOccasion, extraPatterns: readonly string[] = []): GateResult {
  const extra = extraPatterns.map(compile);
  return judgeContent(CARD, tree, occasion, (files) =>
    read(
      files.filter(({ path }) => isSource(path)),
      extra,
    ),
  );
}

const CARD = {
  key: 'content-verify-placeholders',
  title: 'No placeholders',
  asks: 'Is nothing left in the sources that somebody meant to replace?',
  why: 'A placeholder that is shipped answers requests.',
  reads: ['source files'],
} as const;

const PATTERNS: readonly RegExp[] = [/\bREPLACE_WITH_\w+/i, /\bTODO:/i, /\bFIXME:/i, /\bPLACEHOLDER\b/i, /\bINSERT_HERE\b/i, /\bXXX\b/];

/** In small letters, `placeholder` is also an attribute of HTML, a property, a key and a selector of CSS, and none of these is left-over text. */
const NAMED_PLACEHOLDER = /(?<=[.:[])placeholder\b|\bplaceholder(?=\]?=["'{`]|-shown\b|\?\s*:|:\s*string\b|["']\s*[:,\]])/g;

type Compiled = { readonly pattern: RegExp } | { readonly wrong: string };

function compile(source: string): Compiled {
  try {
    return { pattern: new RegExp(source, 'i') };
  } catch {
    return { wrong: source };
  }
}

function read(files: readonly SourceFile[], extra: readonly Compiled[]): Reading {
  const patterns = [...PATTERNS, ...extra.flatMap((one) => ('pattern' in one ? [one.pattern] : []))];
  const wrong = extra.flatMap((one) =>
    'wrong' in one
      ? [advice('invalid_pattern', one.wrong, `"${one.wrong}" is no regular expression, so nothing was looked for by it.`)]
      : [],
  );
  const findings = files.flatMap((file) => numberedLines(file.text).flatMap(([line, number]) => inLine(file, line, number, patterns)));
  if (findings.length === 0)
    return clean(
      'placeholder_clean',
      'all',
      `${count(files.length, 'source file')} read.`,
      'No placeholder is left in the sources.',
      wrong,
    );
  const where = new Set(findings.map(({ at }) => at?.[0]?.name)).size;
  return {
    state: 'soiled',
    findings: [...findings, ...wrong],
    reason: `${count(findings.length, 'placeholder')} in ${count(where, 'file')}.`,
    nextAction: 'Write what belongs in the places listed, or remove them.',
  };
}

/** At most one for each pattern: what else the line holds is seen when it is mended. */
function inLine(file: SourceFile, line: string, number: number, patterns: readonly RegExp[]): readonly Evidence[] {
  const bare = line.replace(NAMED_PLACEHOLDER, '');
  return patterns.flatMap((pattern) => {
    const [match] = pattern.exec(bare) ?? [];
    if (match === undefined) return [];
    return [findingIn('placeholder_found', file, number, `${file.path}:${number}`, `"${match}" is still to be replaced.`)];
  });
}
