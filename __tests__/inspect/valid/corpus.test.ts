import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const here = existsSync(corpus);
if (!here) process.stderr.write('corpus.test.ts: skipped, ../shared/corpus is not beside this repository.\n');

/** What each broken Alertmanager configuration is broken by. */
const BROKEN: Readonly<Record<string, RegExp>> = {
  'mattermost-both-webhook-url-and-file': /mattermost_webhook_url/,
  'mattermost-no-webhook-url': /no "webhook_url"/,
  'mattermost-valid-receiver-both-webhook-url-and-file': /mattermost_webhook_url_file/,
  'nil-match_re-route': /"invalid_label"/,
  'nil-source_match_re-inhibition': /"invalid_source_label"/,
  'nil-target_match_re-inhibition': /"invalid_target_label"/,
  'opsgenie-both-file-and-apikey': /opsgenie_api_key_file/,
  'opsgenie-default-apikey-old-team': /no key "teams"/,
  'opsgenie-no-apikey': /no "api_key"/,
  'rocketchat-both-token-and-tokenfile': /rocketchat_token_file/,
  'rocketchat-both-tokenid-and-tokenidfile': /rocketchat_token_id_file/,
  'rocketchat-no-token': /no "token"/,
  'slack-both-file-and-token': /slack_app_token_file/,
  'slack-both-file-and-url': /slack_api_url_file/,
  'slack-both-url-and-token': /slack_app_token/,
  'slack-no-api-url-or-token': /no "api_url"/,
  'slack-update-message-and-webhook': /update_message/,
  'sns-invalid': /topic_arn/,
  'telegram-both-bot-token-and-file': /telegram_bot_token_file/,
  'telegram-no-bot-token': /no "bot_token"/,
  'telegram-valid-receiver-both-bot-token-and-file': /telegram_bot_token_file/,
  'victorops-both-file-and-apikey': /victorops_api_key_file/,
  'victorops-no-apikey': /no "api_key"/,
  'wechat-both-file-and-secret': /wechat_api_secret_file/,
  'wechat-no-api-secret': /no "api_secret"/,
};

(here ? describe : describe.skip)('the corpus of published artifacts', () => {
  test.each([
    ['prometheus-rules', 'prometheus_rule', 8],
    ['slo/sloth-generated', 'prometheus_rule', 17],
    ['service-monitors', 'service_monitor', 13],
    ['dashboards', 'dashboard', 43],
    ['slo/sloth', 'slo_definition', 17],
    ['slo/openslo', 'slo_definition', 4],
    ['alertmanager', 'notification_policy', 44],
  ])('%s: every good file is accepted, every broken one refused for its reason', async (folder, type, count) => {
    const files = readdirSync(path.join(corpus, folder));
    const wrong = [];
    for (const file of files) {
      const { errors, objects } = await validateArtifactFile(type, {
        path: file,
        text: readFileSync(path.join(corpus, folder, file), 'utf8'),
      });
      const broken = folder === 'alertmanager' ? BROKEN[file.replace(/^conf\.|\.yml$/g, '')] : undefined;
      const right = broken ? errors.some(({ message }) => broken.test(message)) : errors.length === 0 && objects.length > 0;
      if (!right) wrong.push({ file, errors });
    }
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThanOrEqual(count);
  });
});
