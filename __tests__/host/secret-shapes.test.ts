import { describe, expect, test } from '@jest/globals';
import { holdsSecret, isSecretName, jsonHoldsSecret, replaceSecrets } from '../../src/host/secret-shapes.ts';

// Built here, so that no scanner of this repository takes a sample for a leak.
const of = (length: number, letters = 'aB3') => letters.repeat(length).slice(0, length);

const SECRETS: readonly (readonly [kind: string, text: string, left: string])[] = [
  ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${of(40)}\n-----END RSA PRIVATE KEY----- after`, '# after'],
  ['the head of a private key', '-----BEGIN PRIVATE KEY-----', '#'],
  ['a PGP key', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${of(9)}`, '#'],
  ['a GitHub token', `x ghp_${of(36)} y`, 'x # y'],
  ['a GitHub app token', `ghs_${of(36)}`, '#'],
  ['a fine-grained GitHub token', `github_pat_${of(22)}_${of(59)}`, '#'],
  ['a GitLab token', `glpat-${of(20)}`, '#'],
  ['a Slack token', `xoxb-${of(12, '123')}-${of(24)}`, '#'],
  ['a Slack app token', `xapp-1-${of(30, 'A1')}`, '#'],
  ['a Slack webhook', `https://hooks.slack.com/services/T${of(8, 'A1')}/B${of(8, 'A1')}/${of(24)}`, 'https://hooks.slack.com/services/#'],
  ['a Discord webhook', `https://discord.com/api/webhooks/${of(18, '12')}/${of(60)}`, 'https://discord.com/api/webhooks/#'],
  ['an AWS key', `AKIA${of(16, 'A2')}`, '#'],
  ['a Google key', `AIza${of(35)}`, '#'],
  ['a Google token', `ya29.${of(40)}`, '#'],
  ['an Azure connection', `AccountName=a;AccountKey=${of(86)}==;x=y`, 'AccountName=a;AccountKey=#;x=y'],
  ['a Stripe key', `sk_live_${of(24)}`, '#'],
  ['a key of OpenAI style', `sk-${of(48)}`, '#'],
  ['a key of Anthropic style', `sk-ant-api03-${of(40)}`, '#'],
  ['an npm token', `npm_${of(36)}`, '#'],
  ['a Grafana token', `glsa_${of(32)}_0a1b2c3d`, '#'],
  ['a SendGrid key', `SG.${of(22)}.${of(43)}`, '#'],
  ['a Vault token', `hvs.${of(40)}`, '#'],
  ['a Telegram token', `123456789:AA${of(33)}`, '#'],
  ['a JSON web token', `eyJ${of(20)}.eyJ${of(30)}.${of(43)}`, '#'],
  ['a bearer header', `Authorization: Bearer ${of(30)}==`, 'Authorization: #'],
  ['a basic header', 'authorization: Basic dXNlcjpwYXNzd29yZA==', 'authorization: #'],
  ['a password in an address', 'postgres://app:s3cret@db.example/x', 'postgres://#@db.example/x'],
  ['a password without a user', 'redis://:s3cret@cache:6379', 'redis://#@cache:6379'],
];

describe('what a secret looks like', () => {
  test.each(SECRETS)('%s', (_, text, left) => {
    expect([holdsSecret(text), replaceSecrets(text, () => '#')]).toEqual([true, left]);
    expect(jsonHoldsSecret(JSON.stringify({ note: `before\n${text}` }))).toBe(true);
  });

  test.each([
    of(64, '0123456789abcdef'),
    of(32, '0af7651916cd43dd'),
    'sk_checkout_service_production-prometheus-rules',
    'sk-checkout-service-in-production-dashboard',
    'asia-pacific-southeast-1, asiapacificsouthea',
    'task-token-service-production-environment',
    'Uses bearer authentication, basic authorization and a JWT (eyJ…)',
    'ssh://git@github.com/acme/shop and https://user@example.com',
    'https://hooks.slack.com/services/ is where webhooks go',
    '{ span.task.type = "task" } | json | project_id="$project"',
    'manifest.spec.business.criticality (→ severity map)',
    '2026-01-15T09:30:00.123456 T1:AA',
  ])('is not %s', (text) => {
    expect([holdsSecret(text), jsonHoldsSecret(JSON.stringify([text])), replaceSecrets(text, () => '#')]).toEqual([false, false, text]);
  });

  test('each is found again and again: no search remembers where the last one ended', () => {
    const token = `ghp_${of(36)}`;
    expect([1, 2, 3].map(() => holdsSecret(token))).toEqual([true, true, true]);
    expect(replaceSecrets(`${token} ${token}`, (found) => '*'.repeat(found.length))).toBe(`${'*'.repeat(40)} ${'*'.repeat(40)}`);
  });
});

describe('a name under which a secret stands', () => {
  test.each(['password', 'db_password', 'DB_PASSWD', 'githubToken', 'client-secret', 'apiKey', 'aws_secret_access_key', 'Authorization'])(
    '%s',
    (name) => {
      expect([isSecretName(name), jsonHoldsSecret(JSON.stringify({ [name]: 'x' }))]).toEqual([true, true]);
    },
  );

  test.each(['max_tokens', 'tokens', 'secretName', 'credentialSource', 'passwordPolicy', 'metricKey', 'key', 'authorize'])(
    '%s is none',
    (name) => {
      expect([isSecretName(name), jsonHoldsSecret(JSON.stringify({ [name]: 'x' }))]).toEqual([false, false]);
    },
  );
});
