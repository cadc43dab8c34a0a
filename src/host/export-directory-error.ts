import { codeOf, isFailure } from './failure.ts';

export type ExportDirectoryCode = 'unsafe-name' | 'not-a-directory' | 'in-the-way' | 'read-only' | 'no-space' | 'busy' | 'failed';

/** Why an export could not be written. The message is a sentence for the user; what stood in the directory before still stands. */
export class ExportDirectoryError extends Error {
  override readonly name = 'ExportDirectoryError';
  readonly code: ExportDirectoryCode;

  constructor(code: ExportDirectoryCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Codes of "this user may not". */
export const FORBIDDEN = ['EACCES', 'EPERM', 'EROFS'];

/** Turns a failure of the system into a sentence. */
export async function explained<T>(told: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ExportDirectoryError) throw cause;
    if (isFailure(cause, ...FORBIDDEN)) {
      throw new ExportDirectoryError(
        'read-only',
        `This user may not write to ${told} (${reason(cause)}); nothing was changed. Give another directory or its permissions.`,
        cause,
      );
    }
    if (isFailure(cause, 'ENOSPC', 'EDQUOT')) {
      throw new ExportDirectoryError(
        'no-space',
        `There is no room for the export in ${told} (${reason(cause)}); nothing was changed. Free some space and run again.`,
        cause,
      );
    }
    if (isFailure(cause, 'ENOTDIR', 'EEXIST')) {
      throw new ExportDirectoryError(
        'not-a-directory',
        `${told} cannot be a directory, since a file or a broken link stands there or on the way; nothing was changed.`,
        cause,
      );
    }
    if (codeOf(cause) === undefined) throw cause;
    throw new ExportDirectoryError('failed', `The export could not be written to ${told} (${reason(cause)}); nothing was changed.`, cause);
  }
}

/** A failure in one word. */
export function reason(error: unknown): string {
  return codeOf(error) ?? String(error);
}
