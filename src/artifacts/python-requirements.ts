import { defineArtifactType } from '../contract/artifact-type.ts';

export const pythonRequirements = defineArtifactType({
  type: 'python_requirements',
  group: 'source',
  output: {
    ext: '.txt',
    path: 'requirements.txt',
    description: 'Pinned Python packages',
    schemaUrl: 'https://pip.pypa.io/en/stable/reference/requirements-file-format/',
    examplePath: 'requirements.txt',
    exampleSnippet: `# constraints: constraints.txt
grpcio==1.66.1
opentelemetry-sdk==1.27.0`,
  },
  parameters: [
    { key: 'packages', source: 'manifest.spec.strategy.tactics' },
    { key: 'constraints', source: 'manifest.spec.strategy.tactics' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 30,
    maxTokens: 150,
    markers: ['# constraints'],
    redFlag: 'Planned as comprehensive: packages that nothing imports are only risk',
    editMinPct: 50,
  },
});
