import { type Fields, readFields } from './fields.ts';

/** What Alertmanager asks of one integration beyond known keys (Alertmanager, config/notifiers.go and notify/<name>/config). */
export interface Integration {
  /** All keys that it reads. */
  readonly fields: Fields;
  /** Keys of which at most one may be set. */
  readonly exclusive: readonly (readonly string[])[];
  /** Of each list one must be set, here or by the global key named after it. */
  readonly required: readonly { readonly any: readonly string[]; readonly global?: readonly string[] }[];
  /** Keys of a fixed set of values. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** An empty entry (`-` and nothing) stands for the defaults. */
  readonly nullable?: boolean;
  /** An empty text is a value like any other. */
  readonly takesEmpty?: boolean;
}

const PROXY = 'proxy_url no_proxy proxy_from_environment:flag proxy_connect_header:map';
const TLS = readFields(
  'ca cert key ca_file cert_file key_file ca_ref cert_ref key_ref server_name insecure_skip_verify:flag min_version max_version',
);

/** Prometheus' common/config, HTTPClientConfig. */
export const HTTP = readFields(
  `basic_auth:{basic} authorization:{authorization} oauth2:{oauth2} bearer_token bearer_token_file tls_config:{tls} follow_redirects:flag enable_http2:flag http_headers:map ${PROXY}`,
  {
    tls: TLS,
    basic: readFields('username username_file username_ref password password_file password_ref'),
    authorization: readFields('type credentials credentials_file credentials_ref'),
    oauth2: readFields(
      'client_id client_secret client_secret_file client_secret_ref client_certificate_key_id client_certificate_key client_certificate_key_file client_certificate_key_ref ' +
        `grant_type signature_algorithm iss audience claims:map scopes:texts token_url endpoint_params:labels tls_config:{tls} ${PROXY}`,
      { tls: TLS },
    ),
  },
);

const SHAPES = {
  http: HTTP,
  tls: TLS,
  field: readFields('title value short:flag'),
  action: readFields('type text url style name value confirm:{confirm}', { confirm: readFields('text title ok_text dismiss_text') }),
  rocketAction: readFields('type text url image_url is_webview webview_height_ratio msg msg_in_chat_window:flag msg_processing_type'),
  responder: readFields('id name username type'),
  image: readFields('src alt href'),
  link: readFields('href text'),
  attachment: readFields(
    'fallback color pretext text author_name author_link author_icon title title_link fields:[field] thumb_url footer footer_icon image_url',
    { field: readFields('title value short:flag') },
  ),
  props: readFields('card'),
  priority: readFields('priority requested_ack:flag persistent_notifications:flag'),
  threading: readFields('enabled:flag thread_by_date'),
  sigv4: readFields('region access_key secret_key profile role_arn external_id use_fips_sts_endpoint:flag service_name'),
};

function integration(keys: string, rules: Partial<Omit<Integration, 'keys'>>): Integration {
  return { exclusive: [], required: [], values: new Map(), ...rules, fields: readFields(`send_resolved:flag ${keys}`, SHAPES) };
}

export const INTEGRATIONS: ReadonlyMap<string, Integration> = new Map(
  Object.entries({
    discord_configs: integration('webhook_url:url webhook_url_file content title message username avatar_url http_config:{http}', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    email_configs: integration(
      'to from hello smarthost auth_username auth_password auth_password_file auth_secret auth_secret_file auth_identity headers:labels html text require_tls:flag tls_config:{tls} force_implicit_tls:flag threading:{threading}',
      {
        required: [{ any: ['to'] }, { any: ['smarthost'], global: ['smtp_smarthost'] }, { any: ['from'], global: ['smtp_from'] }],
      },
    ),
    incidentio_configs: integration(
      'url:url url_file alert_source_token alert_source_token_file max_alerts:count timeout:goDuration http_config:{http}',
      {
        exclusive: [
          ['url', 'url_file'],
          ['alert_source_token', 'alert_source_token_file'],
        ],
        required: [{ any: ['url', 'url_file'] }],
      },
    ),
    pagerduty_configs: integration(
      'service_key service_key_file routing_key routing_key_file url:url client client_url description details:map images:[image] links:[link] source severity class component group timeout:goDuration http_config:{http}',
      {
        exclusive: [
          ['routing_key', 'routing_key_file'],
          ['service_key', 'service_key_file'],
        ],
        required: [{ any: ['routing_key', 'service_key', 'routing_key_file', 'service_key_file'] }],
      },
    ),
    slack_configs: integration(
      'api_url:url api_url_file app_token app_token_file app_url:url channel username color title title_link pretext text message_text fields:[field] short_fields:flag footer fallback callback_id ' +
        'icon_emoji icon_url image_url thumb_url link_names:flag mrkdwn_in:texts actions:[action] update_message:flag timeout:goDuration http_config:{http}',
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
    webhook_configs: integration('url:templateUrl url_file max_alerts:count timeout:goDuration payload:any http_config:{http}', {
      exclusive: [['url', 'url_file']],
      required: [{ any: ['url', 'url_file'] }],
    }),
    opsgenie_configs: integration(
      'api_key api_key_file api_url:url message description source details:labels entity responders:[responder] actions tags note priority update_alerts:flag http_config:{http}',
      {
        exclusive: [['api_key', 'api_key_file']],
        required: [{ any: ['api_key', 'api_key_file'], global: ['opsgenie_api_key', 'opsgenie_api_key_file'] }],
        nullable: true,
      },
    ),
    wechat_configs: integration(
      'api_secret api_secret_file corp_id message api_url:url to_user to_party to_tag agent_id message_type http_config:{http}',
      {
        exclusive: [['api_secret', 'api_secret_file']],
        required: [
          { any: ['api_secret', 'api_secret_file'], global: ['wechat_api_secret', 'wechat_api_secret_file'] },
          { any: ['corp_id'], global: ['wechat_api_corp_id'] },
        ],
        values: new Map([['message_type', ['', 'text', 'markdown']]]),
        nullable: true,
      },
    ),
    pushover_configs: integration(
      'user_key user_key_file token token_file title message url url_title device sound priority retry:goDurationText expire:goDurationText ttl:goDurationText html:flag monospace:flag http_config:{http}',
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
      'api_key api_key_file api_url:url routing_key message_type state_message entity_display_name monitoring_tool custom_fields:labels http_config:{http}',
      {
        exclusive: [['api_key', 'api_key_file']],
        required: [{ any: ['routing_key'] }, { any: ['api_key', 'api_key_file'], global: ['victorops_api_key', 'victorops_api_key_file'] }],
      },
    ),
    sns_configs: integration(
      'api_url sigv4:{sigv4} topic_arn phone_number target_arn subject message attributes:labels use_aws_http_client:flag http_config:{http}',
      {
        exclusive: [
          ['topic_arn', 'phone_number'],
          ['topic_arn', 'target_arn'],
          ['phone_number', 'target_arn'],
        ],
        required: [{ any: ['topic_arn', 'phone_number', 'target_arn'] }],
      },
    ),
    telegram_configs: integration(
      'api_url:url bot_token bot_token_file chat_id:number chat_id_file message_thread_id:number message disable_notifications:flag parse_mode http_config:{http}',
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
    webex_configs: integration('api_url:url message room_id http_config:{http}', {
      required: [{ any: ['room_id'] }, { any: ['http_config'] }],
    }),
    msteams_configs: integration('webhook_url:url webhook_url_file title summary text http_config:{http}', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    msteamsv2_configs: integration('webhook_url:url webhook_url_file title text http_config:{http}', {
      exclusive: [['webhook_url', 'webhook_url_file']],
      required: [{ any: ['webhook_url', 'webhook_url_file'] }],
    }),
    jira_configs: integration(
      'api_url:url api_type project summary:any description:any labels:texts priority issue_type reopen_transition resolve_transition wont_fix_resolution reopen_duration:duration fields:map http_config:{http}',
      {
        required: [{ any: ['project'] }, { any: ['issue_type'] }, { any: ['api_url'], global: ['jira_api_url'] }],
        values: new Map([['api_type', ['auto', 'cloud', 'datacenter']]]),
      },
    ),
    rocketchat_configs: integration(
      'api_url:url token_id token_id_file token token_file channel color title title_link text fields:[field] short_fields:flag emoji icon_url image_url thumb_url link_names:flag actions:[rocketAction] http_config:{http}',
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
        takesEmpty: true,
      },
    ),
    mattermost_configs: integration(
      'webhook_url:url webhook_url_file channel username text fallback color pretext author_name author_link author_icon title title_link fields:[field] thumb_url footer footer_icon image_url icon_url ' +
        'icon_emoji attachments:[attachment] type props:{props} priority:{priority} http_config:{http}',
      {
        exclusive: [['webhook_url', 'webhook_url_file']],
        required: [{ any: ['webhook_url', 'webhook_url_file'], global: ['mattermost_webhook_url', 'mattermost_webhook_url_file'] }],
      },
    ),
  }),
);

export const GLOBAL = readFields(
  'resolve_timeout:duration http_config:{http} jira_api_url:url smtp_from smtp_hello smtp_smarthost smtp_auth_username smtp_auth_password smtp_auth_password_file smtp_auth_secret ' +
    'smtp_auth_secret_file smtp_auth_identity smtp_require_tls:flag smtp_tls_config:{tls} smtp_force_implicit_tls:flag slack_api_url:url slack_api_url_file slack_app_token ' +
    'slack_app_token_file slack_app_url:url pagerduty_url:url opsgenie_api_url:url opsgenie_api_key opsgenie_api_key_file wechat_api_url:url wechat_api_secret wechat_api_secret_file ' +
    'wechat_api_corp_id victorops_api_url:url victorops_api_key victorops_api_key_file telegram_api_url:url telegram_bot_token telegram_bot_token_file webex_api_url:url ' +
    'rocketchat_api_url:url rocketchat_token rocketchat_token_file rocketchat_token_id rocketchat_token_id_file mattermost_webhook_url:url mattermost_webhook_url_file',
  SHAPES,
);

export const GLOBAL_EXCLUSIVE: readonly (readonly string[])[] =
  'slack_app_token slack_api_url opsgenie_api_key victorops_api_key telegram_bot_token smtp_auth_password rocketchat_token rocketchat_token_id smtp_auth_secret wechat_api_secret mattermost_webhook_url'
    .split(' ')
    .map((key) => [key, `${key}_file`]);
