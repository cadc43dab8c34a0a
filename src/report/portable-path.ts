/** The path if it means the same on every machine, else its last name: an absolute path in a file of ours would tell who runs it and where. */
export function portablePath(path: string): string {
  return isAbsolutePath(path) ? (path.split(/[/\\]/).findLast((name) => name !== '') ?? '.') : path;
}

function isAbsolutePath(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
}
