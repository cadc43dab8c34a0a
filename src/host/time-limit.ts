/** Work that must come to an end. */
export type Limited<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * Does synchronous work for at most so many milliseconds, then stops it wherever it is, inside of a loop or of a regular expression. What is stopped must hold
 * nothing that others use. Without a limit a stranger's expression could keep a run for ever.
 */
export function withinTime<T>(milliseconds: number, work: () => T): Limited<T> {
  const { createContext, Script } = process.getBuiltinModule('node:vm');
  try {
    return { ok: true, value: new Script('work()').runInContext(createContext({ work }), { timeout: milliseconds }) as T };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Whether the work was stopped, and did not fail by itself. */
export function ranOutOfTime(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
