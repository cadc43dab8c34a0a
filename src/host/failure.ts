/** The code of a failure of the system, `ENOENT`. Told by shape: an error of another realm is no `instanceof Error` here. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error is a failure of the system with one of these codes. */
export function isFailure(error: unknown, ...codes: readonly string[]): boolean {
  const code = codeOf(error);
  return code !== undefined && codes.includes(code);
}
