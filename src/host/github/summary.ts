import { appendFile, stat } from 'node:fs/promises';

/** The runner drops a step's whole summary when it is one byte larger (spec/github.md §3.3). */
export const SUMMARY_LIMIT = 1024 * 1024;

/** Adds Markdown to the summary of this step. Answers why not, as a sentence, when it could not; what was there stays. */
export async function writeSummary(path: string | undefined, markdown: string): Promise<string | undefined> {
  if (path === undefined || path === '') return 'There is no job summary: GITHUB_STEP_SUMMARY is not set.';
  try {
    const { size } = await stat(path);
    if (size + Buffer.byteLength(markdown) > SUMMARY_LIMIT)
      return 'The job summary is full: GitHub shows one of at most 1 MiB for a step, and none when it is larger.';
    await appendFile(path, markdown);
    return undefined;
  } catch (error) {
    return `There is no job summary: its file cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'}).`;
  }
}
