import { defineArtifactType } from 'export-tasks';

/** A synthetic check for every target: one object says how it is derived, where it lies, how an existing one is found. */
export const syntheticCheck = defineArtifactType({
  type: 'synthetic_check',
  group: 'monitoring',
  output: {
    ext: '.js',
    path: 'synthetics/{target}-check.js',
    description: 'Browser check of a service',
    schemaUrl: 'https://grafana.com/docs/k6/latest/',
    examplePath: 'synthetics/checkout-api-check.js',
    exampleSnippet: "import http from 'k6/http';\nexport default () => http.get('https://checkout.example.com');",
  },
  parameters: [
    { key: 'latencyP99', source: 'manifest.spec.requirements.latencyP99', field: 'spec.requirements.latencyP99', default: '200ms' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 50,
    maxTokens: 500,
    markers: ['http.get'],
    redFlag: 'Planned as comprehensive: it checks one page',
    editMinPct: 80,
  },
  generate: {
    scope: 'target',
    suffix: 'check',
    title: (target) => `${target} Synthetic Check`,
    priority: { critical: 'required', high: 'required', medium: 'recommended', low: 'optional' },
    dependsOn: ['service-monitor'],
    derive: ({ manifest }) => ({
      derivedFrom: [{ property: 'threshold', sourceField: 'spec.requirements.latencyP99', transformation: 'Slowest answer that passes' }],
      parameters: { latencyP99: manifest.spec.requirements?.latencyP99 ?? '200ms' },
    }),
    conventions: ['{target}-check.js'],
  },
});
