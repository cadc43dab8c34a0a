import type { FieldProgram } from './reading.ts';
import { shorten } from './tree.ts';

/** One thing that a program has against a file, in its words. */
export interface ProgramFault {
  readonly message: string;
  /** Absent where the program does not tell. */
  readonly line?: number;
  /** The rule it names, counted from 1. */
  readonly rule?: { readonly group: string; readonly number: number };
}

/** What a program says of one file; `unknown` when its answer does not tell. */
export type ProgramVerdict = 'accepted' | 'unknown' | readonly ProgramFault[];

/** Reads what a program printed about files that it was shown, one verdict each. */
export function verdictsOf(program: FieldProgram, output: string, files: readonly string[]): readonly ProgramVerdict[] {
  return program === 'promtool' ? readPromtool(output, files) : readAmtool(output, files);
}

/**
 * `Checking FILE` and under it `  SUCCESS: …`, apart from that a `FILE: MESSAGE` for each fault, some of several lines (promtool check rules, 2.x and 3.x).
 * What it thinks of its own options may stand before a `Checking` on the same line.
 */
function readPromtool(output: string, files: readonly string[]): readonly ProgramVerdict[] {
  const known = new Set(files);
  const accepted = new Set<string>();
  const faults = new Map<string, string[]>();
  let checking: string | undefined;
  let open: string[] | undefined;
  for (const line of output.split('\n')) {
    const begun = /Checking (.+)$/.exec(line)?.[1];
    const named = /^(.+?): /.exec(line)?.[1];
    if (begun !== undefined && known.has(begun)) [checking, open] = [begun, undefined];
    else if (named !== undefined && known.has(named)) {
      open = faults.get(named) ?? [];
      faults.set(named, open);
      open.push(line.slice(named.length + 2));
    } else if (/^\s+SUCCESS:/.test(line) && checking !== undefined) accepted.add(checking);
    else if (/^\s+FAILED:|^time=|^level=|^ts=/.test(line)) open = undefined;
    else if (open !== undefined && line.trim() !== '') open.push(`${open.pop()}\n${line}`);
  }
  return files.map((file) => {
    const told = faults.get(file);
    return told === undefined ? (accepted.has(file) ? 'accepted' : 'unknown') : [...new Set(told)].flatMap(faultsIn);
  });
}

/** `Checking 'FILE'  SUCCESS`, or `FAILED: MESSAGE`, up to the next `Checking`; what it logs may stand between (amtool check-config). */
function readAmtool(output: string, files: readonly string[]): readonly ProgramVerdict[] {
  const parts = new Map(
    output.split(/^Checking '/m).map((part) => {
      const end = part.indexOf("'");
      return [part.slice(0, end), part.slice(end + 1)] as const;
    }),
  );
  return files.map((file) => {
    const said = /(?:^|\n) {2}(?:(SUCCESS)|FAILED: ([\s\S]*))/.exec(parts.get(file) ?? '');
    if (said === null) return 'unknown';
    return said[1] ? 'accepted' : faultsIn(said[2]!.split(/\n\s*\n|\namtool: |\ntime=/)[0]!);
  });
}

/** The ways in which these programs tell where: `3:5: …`, `group "g", rule 2, …`, and YAML's `line 3: …`, of which there may be several. */
function faultsIn(text: string): readonly ProgramFault[] {
  const several = /^yaml: unmarshal errors:\n([\s\S]*)$/.exec(text)?.[1];
  const lines = (several ?? '').split(/\n(?=\s*line \d+: )/).flatMap((line) => {
    const match = /^\s*line (\d+): ([\s\S]+)$/.exec(line);
    return match === null ? [] : [{ line: Number(match[1]), message: clean(match[2]!) }];
  });
  if (lines.length > 0) return lines;
  const at = /^(\d+):(\d+): ([\s\S]*)$/.exec(text);
  const syntax = /^yaml: line (\d+): /.exec(text);
  const rule = /group "((?:[^"\\]|\\.)*)", rule (\d+)\b/.exec(text);
  return [
    {
      message: clean(at?.[3] ?? text),
      ...(at && { line: Number(at[1]) }),
      // Counted from the line before, and from 0 in some versions.
      ...(syntax && { line: Number(syntax[1]) + 1 }),
      ...(rule && { rule: { group: rule[1]!, number: Number(rule[2]) } }),
    },
  ];
}

/** Values that they quote may be secrets: a text where a list belongs, an address without its scheme. */
function clean(text: string): string {
  return shorten(text.replace(/(!!\w+) `[^`]*`/g, '$1'), 300).replace(/[.\s]+$/, '');
}
