import { readBounded } from '../files.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** What happened, as GitHub tells it: a stranger's text. Without it the run goes on and says so. */
export interface EventFile {
  readonly payload: JsonObject;
  /** Why `payload` is empty, as a sentence for a person. */
  readonly loss?: string;
}

/** GitHub caps a webhook payload at 25 MB; nothing larger is one. */
const LIMIT = 25 * 1024 * 1024;

/** Reads the event of this run; never throws. */
export async function readEvent(path: string | undefined): Promise<EventFile> {
  if (path === undefined || path === '') return lost('GITHUB_EVENT_PATH is not set');
  const file = await readBounded('/', path, LIMIT);
  if (!file.ok) return lost(`its file is ${WHY[file.code]}`);
  try {
    const payload: unknown = JSON.parse(Buffer.from(file.bytes).toString('utf8'));
    return isJsonObject(payload) ? { payload } : lost('its file holds no JSON object');
  } catch {
    return lost('its file is not JSON');
  }
}

/** Without the path, which would name a directory of this machine. */
const WHY = {
  missing: 'missing',
  directory: 'a directory',
  'not-a-file': 'not a file',
  'too-big': 'larger than GitHub sends',
  unreadable: 'unreadable',
} as const;

function lost(why: string): EventFile {
  return {
    payload: {},
    loss: `The event that started this run is unknown (${why}): pull request, base and default branch are taken from the environment as far as it tells them.`,
  };
}
