import { describe, expect, test } from '@jest/globals';
import { readCiContext } from '../../../src/host/github/ci-context.ts';
import type { JsonObject } from '../../../src/host/json.ts';
import { eventCases, examplesOf } from '../../events.ts';

const env = {
  GITHUB_REPOSITORY: 'octo-org/shop',
  GITHUB_RUN_ID: '12345',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_JOB: 'gate',
  GITHUB_WORKFLOW: 'Observability',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_SHA: 'a'.repeat(40),
  'INPUT_CHECK-RUN-ID': '67890',
  'INPUT_JOB-INDEX': '2',
};

function contextOf(event: string, changed: Readonly<Record<string, string>> = {}, payload?: unknown) {
  const known = eventCases.find((one) => one.event === event);
  return readCiContext({ ...env, GITHUB_EVENT_NAME: event, ...known?.env, ...changed }, (payload ?? known?.payload ?? {}) as JsonObject);
}

describe('the context of a run', () => {
  test('of a pull request is its head, its base and its number, and proposed', () => {
    expect(contextOf('pull_request')).toMatchObject({
      scope: 'proposed',
      fork: false,
      pullRequest: 2,
      sha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
      headRef: 'changes',
      baseRef: 'master',
      baseSha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      attributes: { 'vcs.change.id': '2', 'vcs.change.state': 'open', 'vcs.change.title': 'Update the README with new information.' },
    });
  });

  test('of a merge group is its head, and the pull request that its branch names', () => {
    expect(contextOf('merge_group')).toMatchObject({
      scope: 'proposed',
      pullRequest: 104,
      sha: '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d',
      baseRef: 'main',
      baseSha: '380387fbc80638b734a49e1be1c4dfec1c01b33c',
    });
  });

  test.each([
    ['push', {}, 'accepted'],
    ['push', { GITHUB_REF: 'refs/heads/other' }, 'proposed'],
    ['push', { GITHUB_REF: 'refs/tags/master' }, 'proposed'],
    ['schedule', {}, 'accepted'],
    ['workflow_dispatch', {}, 'accepted'],
    ['workflow_dispatch', { GITHUB_REF: 'refs/heads/other' }, 'proposed'],
    ['pull_request', { GITHUB_REF: 'refs/heads/master' }, 'proposed'],
    ['pull_request_target', { GITHUB_REF: 'refs/heads/main' }, 'proposed'],
    ['issues', {}, 'proposed'],
  ])('of %s with %j is %s', (event, changed, scope) => {
    expect(contextOf(event, changed).scope).toBe(scope);
  });

  test('without an event file claims no default branch', () => {
    expect(contextOf('push', {}, {})).toMatchObject({ scope: 'proposed', fork: false, sha: 'a'.repeat(40) });
  });

  test('sees a fork, also one that was deleted', () => {
    const base = examplesOf('pull_request')[0]!;
    const pull = base['pull_request'] as { readonly head: object };
    const from = (repo: unknown) => ({ ...base, pull_request: { ...pull, head: { ...pull.head, repo } } });
    expect(contextOf('pull_request', {}, from({ full_name: 'stranger/Hello-World' })).fork).toBe(true);
    expect(contextOf('pull_request', {}, from(null)).fork).toBe(true);
    expect(contextOf('pull_request', {}, base).fork).toBe(false);
  });

  test('names pipeline, job and repository as the conventions do', () => {
    expect(contextOf('schedule').attributes).toEqual({
      'cicd.pipeline.name': 'Observability',
      'cicd.pipeline.run.id': '12345',
      'cicd.pipeline.run.url.full': 'https://github.com/octo-org/shop/actions/runs/12345/attempts/1',
      'cicd.pipeline.task.name': 'gate',
      'cicd.pipeline.task.run.id': '67890',
      'cicd.pipeline.task.run.url.full': 'https://github.com/octo-org/shop/actions/runs/12345/job/67890',
      'vcs.provider.name': 'github',
      'vcs.owner.name': 'octo-org',
      'vcs.repository.name': 'shop',
      'vcs.repository.url.full': 'https://github.com/octo-org/shop',
      'vcs.ref.head.name': 'main',
      'vcs.ref.head.type': 'branch',
      'vcs.ref.head.revision': 'a'.repeat(40),
    });
  });

  test('takes nothing that does not look like what it should be', () => {
    const hostile = {
      GITHUB_REPOSITORY: '../../etc',
      GITHUB_RUN_ID: '1; rm -rf /',
      GITHUB_JOB: 'a\n::error::b',
      GITHUB_SHA: '--upload-pack=x',
      'INPUT_CHECK-RUN-ID': '${{ job.check_run_id }}',
    };
    const payload = { pull_request: { number: '7', head: 'x', base: [], draft: 'yes' }, repository: { default_branch: 9 } };
    const { repository, runId, job, sha, checkRunId, pullRequest, baseSha, fork } = contextOf('pull_request', hostile, payload);
    expect({ repository, runId, job, sha, checkRunId, pullRequest, baseSha }).toEqual({});
    expect(fork).toBe(true);
  });

  test.each(['pull_request', 'merge_group', 'push', 'workflow_dispatch', 'workflow_run', 'release', 'issues'])(
    'stands every sample payload of %s',
    (event) => {
      for (const payload of examplesOf(event)) expect(['proposed', 'accepted']).toContain(contextOf(event, {}, payload).scope);
    },
  );
});
