/** A file as the content gates see it. */
export interface SourceFile {
  /** Relative to the tree, `/` separators. */
  readonly path: string;
  readonly text: string;
}

/** The sources of a project, in code-point order of their paths; or that there are none to look at. */
export type SourceTree =
  | {
      readonly state: 'read';
      readonly files: readonly SourceFile[];
      /** Sources that could not be read, each with why: no gate has seen them. */
      readonly unread: readonly { readonly path: string; readonly why: string }[];
    }
  | { readonly state: 'absent'; readonly dir: string };

export const SOURCE_SUFFIXES = ['.py', '.go', '.js', '.ts', '.java', '.cs', '.proto'] as const;

/** A file in one of the languages that the content gates read. */
export function isSource(path: string): boolean {
  return SOURCE_SUFFIXES.some((suffix) => path.endsWith(suffix));
}

export function isDockerfile(path: string): boolean {
  return baseName(path).startsWith('Dockerfile');
}

/** A list of what a project's code may import. */
export function isDependencyManifest(path: string): boolean {
  return ['requirements.in', 'requirements.txt', 'go.mod', 'package.json'].includes(baseName(path));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Lines with their numbers, from 1. */
export function numberedLines(text: string): readonly (readonly [line: string, number: number])[] {
  return text.split(/\r\n|\n|\r/).map((line, index) => [line, index + 1] as const);
}

/** The line, from 1, on which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let feed = text.indexOf('\n'); feed !== -1 && feed < offset; feed = text.indexOf('\n', feed + 1)) line += 1;
  return line;
}
