import { createRequire } from 'node:module';

type Example = Readonly<Record<string, unknown>>;

const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly Example[];
}[];

/** GitHub's own sample payloads of an event. */
export function examplesOf(event: string): readonly Example[] {
  const found = definitions.find(({ name }) => name === event);
  if (found === undefined) throw new Error(`no examples of ${event}`);
  return found.examples;
}

/** What a runner sets beside a payload, by event (spec: github.md §3.6). */
export interface EventCase {
  readonly event: string;
  readonly payload: Example;
  readonly env: Readonly<Record<string, string>>;
}

const repository = { full_name: 'octo-org/shop', default_branch: 'main' };

export const eventCases: readonly EventCase[] = [
  {
    event: 'pull_request',
    payload: examplesOf('pull_request')[0]!,
    env: { GITHUB_REF: 'refs/pull/2/merge', GITHUB_REF_NAME: '2/merge', GITHUB_HEAD_REF: 'changes', GITHUB_BASE_REF: 'master' },
  },
  {
    event: 'merge_group',
    payload: examplesOf('merge_group')[0]!,
    env: { GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64' },
  },
  { event: 'push', payload: examplesOf('push')[4]!, env: { GITHUB_REF: 'refs/heads/master', GITHUB_REF_NAME: 'master' } },
  { event: 'workflow_dispatch', payload: { ...examplesOf('workflow_dispatch')[0]!, ref: 'refs/heads/main', repository }, env: {} },
  { event: 'schedule', payload: { schedule: '0 6 * * 1', repository }, env: {} },
];
