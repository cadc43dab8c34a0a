import { dirname } from 'node:path';
import { isWithin } from '../within.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface ArtifactRequest {
  readonly name: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly retentionDays?: number;
}

/** What became of the upload. `kept`: the files are where they were, and `why` is a sentence for a person. */
export type ArtifactOutcome =
  | { readonly state: 'uploaded'; readonly id: string; readonly url?: string }
  | { readonly state: 'kept'; readonly why: string };

/** Uploads with GitHub's own client where there is an artifact service to take it; never throws. */
export async function uploadArtifact(request: ArtifactRequest, env: Env): Promise<ArtifactOutcome> {
  const missing = missingService(env);
  if (missing !== undefined) return kept(missing);
  try {
    // 2.7 MB of Azure's client: loaded only here.
    const { DefaultArtifactClient } = await import('@actions/artifact');
    const options = request.retentionDays === undefined ? {} : { retentionDays: request.retentionDays };
    const upload = new DefaultArtifactClient().uploadArtifact(request.name, [...request.files], commonFolder(request.files), options);
    const { id } = await within(DEADLINE, upload);
    if (id === undefined) return kept('the artifact service gave no id');
    return { state: 'uploaded', id: String(id), ...artifactUrl(env, id) };
  } catch (error) {
    return kept(reasonOf(error, request.name));
  }
}

/** The client retries for half a minute and waits five for a stalled block; a report is not worth more of a job's time than this. */
const DEADLINE = 120_000;

function kept(why: string): ArtifactOutcome {
  return { state: 'kept', why };
}

/** Asked before the client is: on GHES it throws, without its variables it throws, and each time after printing a paragraph. */
function missingService(env: Env): string | undefined {
  const host = URL.parse(env['GITHUB_SERVER_URL'] || 'https://github.com')?.hostname.toLowerCase() ?? '';
  if (host !== 'github.com' && !host.endsWith('.ghe.com') && !host.endsWith('.localhost'))
    return `${host || 'this server'} has no artifact service of the kind that GitHub's client speaks to`;
  const unset = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN'].filter((name) => !env[name]);
  return unset.length === 0 ? undefined : `there is no artifact service here (${unset.join(' and ')} not set)`;
}

function artifactUrl(env: Env, id: number): { readonly url?: string } {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? { url: `${server}/${repository}/actions/runs/${run}/artifacts/${id}` } : {};
}

function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0]!);
  while (files.some((file) => !isWithin(folder, file)) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the artifact service took longer than ${milliseconds / 1000} seconds`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error: unknown, name: string): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/\b409\b|already exists/i.test(said))
    return `this run has an artifact named ${name} already; give this step's its own with \`artifact-name\``;
  return `the upload failed: ${said.slice(0, 500)}`;
}
