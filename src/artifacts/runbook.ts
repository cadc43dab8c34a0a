import { defineArtifactType } from '../contract/artifact-type.ts';
import { ownersOf } from '../contract/defaults.ts';

export const runbook = defineArtifactType({
  type: 'runbook',
  group: 'operator',
  output: {
    ext: '.md',
    path: 'runbooks/{target}-runbook.md',
    description: 'Incident runbook for on-call',
    schemaUrl: 'https://docs.github.com/en/contributing/writing-for-github-docs/creating-markdown-runbooks',
    examplePath: 'runbooks/checkout-api-runbook.md',
    exampleSnippet: `# checkout-api Incident Runbook

## Overview
Takes payments. Down means no revenue.

## Risks
- availability (P1): the payment provider is a single point of failure

## Procedures
1. Look at the error ratio; roll back if it rose with a deployment.

## Escalation
checkout-team, #checkout-oncall`,
  },
  parameters: [
    { key: 'risks', source: 'manifest.spec.risks[]', field: 'spec.risks' },
    { key: 'escalationContacts', source: 'manifest.metadata.owners', field: 'metadata.owners' },
  ],
  expected: {
    depth: 'standard-comprehensive',
    maxLines: 300,
    maxTokens: 1500,
    markers: ['Overview', 'Risks', 'Escalation', 'Procedures'],
    redFlag: 'Planned as brief: whoever is paged finds headings where the steps should be',
    editMinPct: 85,
  },
  requirement: {
    id: 'REQ-CDP-OBS-007',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P3',
    anchors: ['spec.risks[]', 'metadata.owners'],
  },
  generate: {
    scope: 'target',
    suffix: 'runbook',
    title: (target) => `${target} Incident Runbook`,
    priority: { critical: 'required', high: 'optional', medium: 'optional', low: 'optional' },
    dependsOn: ['prometheus-rules', 'notification'],
    derive: ({ manifest }) => ({
      derivedFrom: [
        {
          property: 'risks',
          sourceField: 'spec.risks[]',
          transformation: `Risk count: ${manifest.spec.risks.length}`,
          rationale: 'Each risk that is known beforehand deserves a procedure',
        },
      ],
      parameters: {
        risks: manifest.spec.risks.map(({ type, description, priority, mitigation }) => ({
          type,
          description: description ?? null,
          priority: priority ?? null,
          mitigation: mitigation ?? null,
        })),
        escalationContacts: ownersOf(manifest),
      },
    }),
    conventions: ['{target}-runbook.md'],
  },
});
