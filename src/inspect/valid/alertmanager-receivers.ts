/** What Alertmanager asks of one integration beyond known keys (Alertmanager, config/notifiers.go and notify/<name>/config). */
export interface Integration {
  /** All keys that it reads, besides `send_resolved` and `http_config`. */
  readonly keys: ReadonlySet<string>;
  /** Keys of which at most one may be set. */
  readonly exclusive: readonly (readonly string[])[];
  /** Of each list one must be set, here or by the global key named after it. */
  readonly required: readonly { readonly any: readonly string[]; readonly global?: readonly string[] }[];
  /** Keys of a fixed set of values. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** An empty entry (`-` and nothing) stands for the defaults. */
  readonly nullable?: boolean;
}

function integration(keys: string, rules: Partial<Omit<Integration, 'keys'>>): Integration {
  return { exclusive: [], required: [], values: new Map(), ...rules, keys: new Set(['send_resolved', 'http_config', ...keys.split(' ')]) };
}

export const INTEGRATIONS: ReadonlyMap<string, Integration> = new Map(
  Object.entries({
    discord_configs: integration('webhook_url webhook_url_file content title message username avatar_url', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    email_configs: integration(
      'to from hello smarthost auth_username auth_password auth_password_file auth_secret auth_secret_file auth_identity headers html text require_tls tls_config force_implicit_tls threading',
      {
        required: [{ any: ['to'] }, { any: ['smarthost'], global: ['smtp_smarthost'] }, { any: ['from'], global: ['smtp_from'] }],
      },
    ),
    incidentio_configs: integration('url url_file alert_source_token alert_source_token_file max_alerts timeout', {
      exclusive: [
        ['url', 'url_file'],
        ['alert_source_token', 'alert_source_token_file'],
      ],
      required: [{ any: ['url', 'url_file'] }],
    }),
    pagerduty_configs: integration(
      'service_key service_key_file routing_key routing_key_file url client client_url description details images links source severity class component group timeout',
      {
        exclusive: [
          ['routing_key', 'routing_key_file'],
          ['service_key', 'service_key_file'],
        ],
        required: [{ any: ['routing_key', 'service_key', 'routing_key_file', 'service_key_file'] }],
      },
    ),
    slack_configs: integration(
      'api_url api_url_file app_token app_token_file app_url channel username color title title_link pretext text message_text fields short_fields footer fallback callback_id icon_emoji ' +
        'icon_url image_url thumb_url link_names mrkdwn_in actions update_message timeout',
      {
        exclusive: [
          ['api_url', 'api_url_file'],
          ['app_token', 'app_token_file'],
          ['api_url', 'app_token'],
          ['api_url', 'app_token_file'],
          ['api_url_file', 'app_token'],
          ['api_url_file', 'app_token_file'],
        ],
        required: [
          {
            any: ['api_url', 'api_url_file', 'app_token', 'app_token_file'],
            global: ['slack_api_url', 'slack_api_url_file', 'slack_app_token', 'slack_app_token_file'],
          },
        ],
        nullable: true,
      },
    ),
    webhook_configs: integration('url url_file max_alerts timeout payload', {
      exclusive: [['url', 'url_file']],
      required: [{ any: ['url', 'url_file'] }],
    }),
    opsgenie_configs: integration(
      'api_key api_key_file api_url message description source details entity responders actions tags note priority update_alerts',
      {
        exclusive: [['api_key', 'api_key_file']],
        required: [{ any: ['api_key', 'api_key_file'], global: ['opsgenie_api_key', 'opsgenie_api_key_file'] }],
        nullable: true,
      },
    ),
    wechat_configs: integration('api_secret api_secret_file corp_id message api_url to_user to_party to_tag agent_id message_type', {
      exclusive: [['api_secret', 'api_secret_file']],
      required: [
        { any: ['api_secret', 'api_secret_file'], global: ['wechat_api_secret', 'wechat_api_secret_file'] },
        { any: ['corp_id'], global: ['wechat_api_corp_id'] },
      ],
      values: new Map([['message_type', ['text', 'markdown']]]),
      nullable: true,
    }),
    pushover_configs: integration(
      'user_key user_key_file token token_file title message url url_title device sound priority retry expire ttl html monospace',
      {
        exclusive: [
          ['user_key', 'user_key_file'],
          ['token', 'token_file'],
          ['html', 'monospace'],
        ],
        required: [{ any: ['user_key', 'user_key_file'] }, { any: ['token', 'token_file'] }],
      },
    ),
    victorops_configs: integration(
      'api_key api_key_file api_url routing_key message_type state_message entity_display_name monitoring_tool custom_fields',
      {
        exclusive: [['api_key', 'api_key_file']],
        required: [{ any: ['routing_key'] }, { any: ['api_key', 'api_key_file'], global: ['victorops_api_key', 'victorops_api_key_file'] }],
      },
    ),
    sns_configs: integration('api_url sigv4 topic_arn phone_number target_arn subject message attributes use_aws_http_client', {
      exclusive: [
        ['topic_arn', 'phone_number'],
        ['topic_arn', 'target_arn'],
        ['phone_number', 'target_arn'],
      ],
      required: [{ any: ['topic_arn', 'phone_number', 'target_arn'] }],
    }),
    telegram_configs: integration(
      'api_url bot_token bot_token_file chat_id chat_id_file message_thread_id message disable_notifications parse_mode',
      {
        exclusive: [
          ['bot_token', 'bot_token_file'],
          ['chat_id', 'chat_id_file'],
        ],
        required: [
          { any: ['bot_token', 'bot_token_file'], global: ['telegram_bot_token', 'telegram_bot_token_file'] },
          { any: ['chat_id', 'chat_id_file'] },
        ],
        values: new Map([['parse_mode', ['', 'Markdown', 'MarkdownV2', 'HTML']]]),
      },
    ),
    webex_configs: integration('api_url message room_id', { required: [{ any: ['room_id'] }, { any: ['http_config'] }] }),
    msteams_configs: integration('webhook_url webhook_url_file title summary text', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    msteamsv2_configs: integration('webhook_url webhook_url_file title text', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    jira_configs: integration(
      'api_url api_type project summary description labels priority issue_type reopen_transition resolve_transition wont_fix_resolution reopen_duration fields custom_fields',
      {
        required: [{ any: ['project'] }, { any: ['issue_type'] }, { any: ['api_url'], global: ['jira_api_url'] }],
        values: new Map([['api_type', ['auto', 'cloud', 'datacenter']]]),
      },
    ),
    rocketchat_configs: integration(
      'api_url token_id token_id_file token token_file channel color title title_link text fields short_fields emoji icon_url image_url thumb_url link_names actions',
      {
        exclusive: [
          ['token', 'token_file'],
          ['token_id', 'token_id_file'],
        ],
        required: [
          { any: ['token_id', 'token_id_file'], global: ['rocketchat_token_id', 'rocketchat_token_id_file'] },
          { any: ['token', 'token_file'], global: ['rocketchat_token', 'rocketchat_token_file'] },
        ],
        nullable: true,
      },
    ),
    mattermost_configs: integration(
      'webhook_url webhook_url_file channel username text fallback color pretext author_name author_link author_icon title title_link fields thumb_url footer footer_icon image_url icon_url ' +
        'icon_emoji attachments type props priority',
      {
        exclusive: [['webhook_url', 'webhook_url_file']],
        required: [{ any: ['webhook_url', 'webhook_url_file'], global: ['mattermost_webhook_url', 'mattermost_webhook_url_file'] }],
      },
    ),
  }),
);

export const GLOBAL_KEYS: ReadonlySet<string> = new Set(
  (
    'resolve_timeout http_config jira_api_url smtp_from smtp_hello smtp_smarthost smtp_auth_username smtp_auth_password smtp_auth_password_file smtp_auth_secret smtp_auth_secret_file ' +
    'smtp_auth_identity smtp_require_tls smtp_tls_config smtp_force_implicit_tls slack_api_url slack_api_url_file slack_app_token slack_app_token_file slack_app_url pagerduty_url ' +
    'opsgenie_api_url opsgenie_api_key opsgenie_api_key_file wechat_api_url wechat_api_secret wechat_api_secret_file wechat_api_corp_id victorops_api_url victorops_api_key ' +
    'victorops_api_key_file telegram_api_url telegram_bot_token telegram_bot_token_file webex_api_url rocketchat_api_url rocketchat_token rocketchat_token_file rocketchat_token_id ' +
    'rocketchat_token_id_file mattermost_webhook_url mattermost_webhook_url_file'
  ).split(' '),
);

export const GLOBAL_EXCLUSIVE: readonly (readonly string[])[] =
  'slack_app_token slack_api_url opsgenie_api_key victorops_api_key telegram_bot_token smtp_auth_password rocketchat_token rocketchat_token_id smtp_auth_secret wechat_api_secret mattermost_webhook_url'
    .split(' ')
    .map((key) => [key, `${key}_file`]);

export const HTTP_KEYS: ReadonlySet<string> = new Set(
  'basic_auth authorization oauth2 bearer_token bearer_token_file tls_config follow_redirects enable_http2 proxy_url no_proxy proxy_from_environment proxy_connect_header http_headers'.split(
    ' ',
  ),
);
