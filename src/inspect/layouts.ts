import type { PathRule } from './path-rules.ts';

/**
 * Where other projects' tools put what they generate, for artifacts that neither a rule of the policy nor a convention of the type found: kube-prometheus
 * (`manifests/nodeExporter-prometheusRule.yaml`), the output of monitoring mixins (`node-mixin/prometheus_alerts.yaml`, `dashboards_out/node.json`) and
 * Grafana's provisioning folders. Names are compared without humps.
 */
export const LAYOUTS: readonly PathRule[] = [
  ...both('prometheus_rule', '**/{target}-prometheusRule'),
  ...both('service_monitor', '**/{target}-serviceMonitor'),
  ...both('loki_rule', '**/{target}-lokiRule'),
  ...both('prometheus_rule', '**/{target}-mixin/prometheus_alerts'),
  ...both('prometheus_rule', '**/{target}-mixin/**/prometheus_alerts'),
  ...both('prometheus_rule', '**/{target}/prometheus_alerts'),
  { type: 'dashboard', path: '**/dashboards_out/{target}.json' },
  { type: 'dashboard', path: '**/dashboards_out/{target}-overview.json' },
  { type: 'dashboard', path: '**/provisioning/dashboards/**/{target}.json' },
  { type: 'dashboard', path: '**/grafana/dashboards/**/{target}.json' },
  { type: 'dashboard', path: '**/grafana-dashboards/**/{target}.json' },
];

function both(type: string, stem: string): readonly PathRule[] {
  return ['yaml', 'yml'].map((end) => ({ type, path: `${stem}.${end}` }));
}
