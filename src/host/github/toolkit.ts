// @actions/core by its parts, the same files that its index is made of. The index also loads the OIDC client with undici under it, which this action
// never asks for: 42 ms at every start, twice what Node itself takes (measured, bundled). The version is pinned, and __tests__/action runs all of this.
import { issueCommand } from '../../../node_modules/@actions/core/lib/command.js';
import { issueFileCommand, prepareKeyValueMessage } from '../../../node_modules/@actions/core/lib/file-command.js';

/** Hides a value in everything the runner writes from now on. Only for values long enough that hiding them hides nothing else. */
export function setSecret(value: string): void {
  issueCommand('add-mask', {}, value);
}

/** An output of this step; false where there is no runner to take it. */
export function setOutput(name: string, value: string): boolean {
  return toRunner('OUTPUT', name, value);
}

/** A variable of the later steps of this job; false where there is no runner to take it. This process keeps its own environment. */
export function exportVariable(name: string, value: string): boolean {
  return toRunner('ENV', name, value);
}

/** Lines of the log that also stand beside the run. They stop nothing; the exit code alone does. */
export function notice(message: string, title = TITLE): void {
  issueCommand('notice', { title }, message);
}

export function warning(message: string, title = TITLE): void {
  issueCommand('warning', { title }, message);
}

export function error(message: string, title = TITLE): void {
  issueCommand('error', { title }, message);
}

/** Folds away what is written meanwhile. */
export async function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  issueCommand('group', {}, title);
  try {
    return await work();
  } finally {
    issueCommand('endgroup', {}, '');
  }
}

/** Somebody ran the job again with debug logging. */
export function isDebug(): boolean {
  return process.env['RUNNER_DEBUG'] === '1';
}

const TITLE = 'Export Tasks';

/** The toolkit falls back to commands on stdout that runners have refused for years, and throws where the file is gone. */
function toRunner(file: 'OUTPUT' | 'ENV', name: string, value: string): boolean {
  if (!process.env[`GITHUB_${file}`]) return false;
  try {
    issueFileCommand(file, prepareKeyValueMessage(name, value));
    return true;
  } catch {
    return false;
  }
}
