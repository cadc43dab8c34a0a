import { defineArtifactType } from '../contract/artifact-type.ts';

export const ciWorkflow = defineArtifactType({
  type: 'ci_workflow',
  group: 'source',
  output: {
    ext: '.yml',
    path: '.github/workflows/{target}.yml',
    description: 'GitHub Actions workflow',
    schemaUrl: 'https://docs.github.com/en/actions/using-workflows/workflow-syntax-for-github-actions',
    examplePath: '.github/workflows/ci.yml',
    exampleSnippet: `name: ci
on: [pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm ci && npm test`,
  },
  parameters: [
    { key: 'triggers', source: 'manifest.spec.strategy.tactics' },
    { key: 'jobs', source: 'manifest.spec.strategy.tactics' },
    { key: 'runtime', source: 'manifest.spec.strategy.tactics' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 100,
    maxTokens: 500,
    markers: ['name:', 'on:', 'jobs:'],
    redFlag: 'Planned as brief: a workflow that runs no test guards nothing',
    editMinPct: 70,
  },
});
