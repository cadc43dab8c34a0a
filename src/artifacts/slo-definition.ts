import { defineArtifactType } from '../contract/artifact-type.ts';
import { DEFAULTS, requirementsOf } from '../contract/defaults.ts';

export const sloDefinition = defineArtifactType({
  type: 'slo_definition',
  group: 'stakeholder',
  output: {
    ext: '.yaml',
    path: 'slo/{target}-slo.yaml',
    description: 'Service level objective (OpenSLO or Sloth)',
    schemaUrl: 'https://openslo.com/',
    examplePath: 'slo/checkout-api-slo.yaml',
    exampleSnippet: `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-api-availability
spec:
  service: checkout-api
  budgetingMethod: Occurrences
  timeWindow: [{ duration: 30d, isRolling: true }]
  indicatorRef: checkout-api-good-requests
  objectives: [{ target: 0.999 }]`,
  },
  parameters: [
    {
      key: 'availability',
      source: 'manifest.spec.requirements.availability',
      field: 'spec.requirements.availability',
      default: DEFAULTS.availability,
    },
    {
      key: 'latencyP99',
      source: 'manifest.spec.requirements.latencyP99',
      field: 'spec.requirements.latencyP99',
      default: DEFAULTS.latencyP99,
    },
    {
      key: 'errorBudget',
      source: 'manifest.spec.requirements.errorBudget',
      field: 'spec.requirements.errorBudget',
      default: DEFAULTS.errorBudget,
    },
    { key: 'throughput', source: 'manifest.spec.requirements.throughput', field: 'spec.requirements.throughput' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['target', 'timeWindow', 'indicator'],
    redFlag: 'Planned as comprehensive: an objective is one target over one window, more hides the promise',
    editMinPct: 80,
  },
  requirement: {
    id: 'REQ-CDP-OBS-001',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P1',
    anchors: ['spec.requirements.availability', 'spec.requirements.errorBudget'],
  },
  generate: {
    scope: 'target',
    suffix: 'slo',
    title: (target) => `${target} SLO Definition`,
    priority: { critical: 'required', high: 'recommended', medium: 'recommended', low: 'recommended' },
    dependsOn: ['service-monitor'],
    derive: ({ manifest }) => {
      const { availability, latencyP99, errorBudget, throughput } = requirementsOf(manifest);
      return {
        derivedFrom: [
          { property: 'objective', sourceField: 'spec.requirements.availability', transformation: `Availability SLO: ${availability}%` },
          { property: 'errorBudget', sourceField: 'spec.requirements.errorBudget', transformation: `Error budget: ${errorBudget}%` },
        ],
        parameters: { availability, latencyP99, errorBudget, throughput },
      };
    },
    conventions: ['{target}-slo.yaml', '{target}-slo.yml', '{target}-slo-definition.yaml', '{target}-slo-definition.yml'],
  },
});
