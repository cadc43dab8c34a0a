import { defineArtifactType } from '../contract/artifact-type.ts';
import { observabilityOf, ownersOf } from '../contract/defaults.ts';

export const notificationPolicy = defineArtifactType({
  type: 'notification_policy',
  group: 'operator',
  output: {
    ext: '.yaml',
    path: 'alertmanager/{target}-notification.yaml',
    description: 'Alertmanager routing and receivers',
    schemaUrl: 'https://prometheus.io/docs/alerting/latest/configuration/',
    examplePath: 'alertmanager/checkout-api-notification.yaml',
    exampleSnippet: `route:
  receiver: checkout-team
  routes:
    - matchers: [service="checkout-api", severity="P1"]
      receiver: checkout-team
receivers:
  - name: checkout-team
    slack_configs: [{ channel: "#checkout-alerts" }]`,
  },
  parameters: [
    { key: 'alertChannels', source: 'manifest.spec.observability.alertChannels', field: 'spec.observability.alertChannels' },
    { key: 'owner', source: 'manifest.spec.business.owner', field: 'spec.business.owner' },
    { key: 'owners', source: 'manifest.metadata.owners', field: 'metadata.owners' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['receivers', 'routes'],
    redFlag: 'Planned as comprehensive: a routing tree that nobody can follow at night sends pages astray',
    editMinPct: 80,
  },
  requirement: {
    id: 'REQ-CDP-OBS-005',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P1',
    anchors: ['spec.observability.alertChannels', 'metadata.owners'],
  },
  generate: {
    scope: 'target',
    suffix: 'notification',
    title: (target) => `${target} Notification Policy`,
    priority: { critical: 'required', high: 'required', medium: 'recommended', low: 'recommended' },
    dependsOn: ['prometheus-rules'],
    derive: ({ manifest }) => {
      const { alertChannels } = observabilityOf(manifest);
      return {
        derivedFrom: [
          {
            property: 'channels',
            sourceField: 'spec.observability.alertChannels',
            transformation: `Channels: ${alertChannels.join(', ')}`.trimEnd(),
          },
        ],
        parameters: { alertChannels, owner: manifest.spec.business?.owner ?? null, owners: ownersOf(manifest) },
      };
    },
    conventions: ['{target}-notification*.yaml', '{target}-notification*.yml'],
  },
});
