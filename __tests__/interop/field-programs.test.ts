import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { GLOBAL, HTTP, INTEGRATIONS } from '../../src/inspect/valid/alertmanager-receivers.ts';
import { askPrograms } from '../../src/inspect/valid/second-opinion.ts';
import { validateArtifactFile } from '../../src/inspect/valid/validate-file.ts';
import { openPrograms } from '../../src/story/field-programs.ts';
import { tell } from './backend.ts';

/** Files by name, of one artifact type. */
type Files = ReadonlyMap<string, string>;

interface Compared {
  /** `NAME: what one says and the other does not`. */
  readonly differing: readonly string[];
  readonly asked: number;
}

/** Judges files here and by the program that was built, through the very code that a run takes; answers every difference. */
async function compare(program: 'promtool' | 'amtool', type: string, files: Files): Promise<Compared> {
  const binary = process.env[`INTEROP_${program.toUpperCase()}`]!;
  const read = await Promise.all(
    [...files].map(async ([name, text]) => ({ path: name, reading: await validateArtifactFile(type, { path: 'a.yml', text }) })),
  );
  const programs = openPrograms({
    ...{
      clock: { now: () => new Date(0), elapsed: () => 0 },
      ids: { traceId: () => '', spanId: () => '', uuid: () => '' },
      tell: () => {},
    },
    env: { PATH: path.dirname(binary) },
    root: path.join(import.meta.dirname, '../..'),
  });
  const { read: after, notices } = await askPrograms(read, programs);
  const added = after.flatMap(({ path: name, reading }, index) =>
    reading.errors.slice(read[index]!.reading.errors.length).map(({ message }) => `${name}: ${message}`),
  );
  return {
    differing: [...added, ...notices.map(({ message }) => message)],
    asked: read.flatMap(({ reading }) => reading.questions ?? []).length,
  };
}

const built = (program: string) => (process.env[`INTEROP_${program.toUpperCase()}`] === undefined ? describe.skip : describe);
const verdicts = JSON.parse(readFileSync(new URL('../inspect/valid/fixtures/peer-verdicts.json', import.meta.url), 'utf8')) as Record<
  string,
  [string, boolean][]
>;
const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus');

function filesOf(...folders: readonly string[]): Files {
  return new Map(
    folders.flatMap((folder) => {
      const full = path.join(corpus, folder);
      return existsSync(full)
        ? readdirSync(full).map((name) => [`${folder}/${name}`, readFileSync(path.join(full, name), 'utf8')] as const)
        : [];
    }),
  );
}

const numbered = (texts: readonly string[]): Files =>
  new Map(texts.map((text, index) => [`case ${index} ${JSON.stringify(text).slice(0, 120)}`, text]));

built('promtool')('promtool', () => {
  test('agrees on every small variation of a rule file', async () => {
    const { differing, asked } = await compare('promtool', 'prometheus_rule', numbered(verdicts['promtool']!.map(([text]) => text)));
    tell(`promtool was asked about ${asked} files`);
    expect(differing.filter((line) => !EMPTY_GROUP.test(line))).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  test('agrees on published rules', async () => {
    const { differing } = await compare('promtool', 'prometheus_rule', filesOf('prometheus-rules', 'slo/sloth-generated'));
    expect(differing).toEqual([]);
  });
});

/** promtool takes an empty group for nothing; as a part of something owed it is a mistake. */
const EMPTY_GROUP = /^promtool .*accepts case \d+ "groups:\\n- null\\n"/;

/** A value of every kind. */
const VALUES = ['x', '', 5, -1, 1.5, true, null, ['a'], [], [{}], {}, { a: 'b' }, '5m', '1.5h', '1d', '100ms', '0', 'http://a', '{{ .x }}'];

const RECEIVERS: Readonly<Record<string, object>> = {
  discord_configs: { webhook_url: 'http://a' },
  email_configs: { to: 'a@b', from: 'c@d', smarthost: 'h:25' },
  incidentio_configs: { url: 'http://a', alert_source_token: 't' },
  pagerduty_configs: { routing_key: 'k' },
  slack_configs: { api_url: 'http://a', channel: '#a' },
  webhook_configs: { url: 'http://a' },
  opsgenie_configs: { api_key: 'k' },
  wechat_configs: { api_secret: 's', corp_id: 'c' },
  pushover_configs: { user_key: 'u', token: 't' },
  victorops_configs: { api_key: 'k', routing_key: 'r' },
  sns_configs: { topic_arn: 'arn', sigv4: {} },
  telegram_configs: { bot_token: 't', chat_id: 5 },
  webex_configs: { room_id: 'r', http_config: { authorization: { credentials: 'c' } } },
  msteams_configs: { webhook_url: 'http://a' },
  msteamsv2_configs: { webhook_url: 'http://a' },
  jira_configs: { project: 'p', issue_type: 'b', api_url: 'http://a' },
  rocketchat_configs: { token: 't', token_id: 'i' },
  mattermost_configs: { webhook_url: 'http://a' },
};

/** Every key of every kind of receiver, and of what all share, with every value. */
function configurations(): Files {
  const cases = new Map<string, string>();
  const plain = { route: { receiver: 'a' }, receivers: [{ name: 'a' }] };
  for (const value of VALUES) {
    const put = (label: string, config: object) => cases.set(`${label}=${JSON.stringify(value)}`, JSON.stringify(config));
    for (const [kind, { fields }] of INTEGRATIONS)
      for (const key of fields.keys())
        put(`${kind}.${key}`, { ...plain, receivers: [{ name: 'a', [kind]: [{ ...RECEIVERS[kind], [key]: value }] }] });
    for (const key of GLOBAL.keys()) put(`global.${key}`, { ...plain, global: { [key]: value } });
    for (const key of HTTP.keys()) put(`http_config.${key}`, { ...plain, global: { http_config: { [key]: value } } });
    for (const key of [
      'group_by',
      'group_wait',
      'repeat_interval',
      'match',
      'match_re',
      'matchers',
      'continue',
      'labels',
      'mute_time_intervals',
    ])
      put(`route.${key}`, { ...plain, route: { receiver: 'a', routes: [{ [key]: value }] } });
  }
  return cases;
}

/** What amtool refuses and we let pass: the insides of headers, whose shape differs between versions. */
const LEFT = /^(?:http_config\.(?:http_headers|proxy_connect_header)=\{"a":"b"\}|jira_configs\.api_type=null): /;

built('amtool')('amtool', () => {
  test('agrees on every small variation of a configuration', async () => {
    const { differing, asked } = await compare('amtool', 'notification_policy', numbered(verdicts['amtool']!.map(([text]) => text)));
    tell(`amtool was asked about ${asked} files`);
    expect(differing).toEqual([]);
  });

  test('agrees on every key of every receiver with a value of every kind', async () => {
    const { differing, asked } = await compare('amtool', 'notification_policy', configurations());
    tell(`amtool was asked about ${asked} files`);
    expect(differing.filter((line) => !LEFT.test(line))).toEqual([]);
    expect(asked).toBeGreaterThan(5000);
  });

  test('agrees on published configurations', async () => {
    const { differing } = await compare('amtool', 'notification_policy', filesOf('alertmanager'));
    expect(differing).toEqual([]);
  });
});
