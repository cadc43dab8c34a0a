import { defineArtifactType } from '../contract/artifact-type.ts';

export const dockerfile = defineArtifactType({
  type: 'dockerfile',
  group: 'source',
  output: {
    ext: '',
    path: 'Dockerfile',
    description: 'Container image build',
    schemaUrl: 'https://docs.docker.com/reference/dockerfile/',
    examplePath: 'Dockerfile',
    exampleSnippet: `FROM node:24-slim
WORKDIR /app
COPY dist/ .
USER node
EXPOSE 8080
ENTRYPOINT ["node", "server.js"]`,
  },
  parameters: [
    { key: 'base_image', source: 'manifest.spec.targets + service_metadata' },
    { key: 'exposed_ports', source: 'manifest.spec.targets + service_metadata' },
    { key: 'entrypoint', source: 'manifest.spec.targets + service_metadata' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 50,
    maxTokens: 250,
    markers: ['FROM', 'COPY', 'EXPOSE', 'ENTRYPOINT', 'USER'],
    redFlag: 'Planned as comprehensive: a build that needs three hundred lines belongs into scripts',
    editMinPct: 50,
  },
});
