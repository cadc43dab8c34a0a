import { defineArtifactType } from '../contract/artifact-type.ts';

export const editorconfig = defineArtifactType({
  type: 'editorconfig',
  group: 'source',
  output: {
    ext: '',
    path: '.editorconfig',
    description: 'Editor settings',
    schemaUrl: 'https://editorconfig.org/',
    examplePath: '.editorconfig',
    exampleSnippet: `root = true

[*]
charset = utf-8
indent_style = space
indent_size = 2`,
  },
  parameters: [
    { key: 'indent_style', source: 'project conventions' },
    { key: 'charset', source: 'project conventions' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 20,
    maxTokens: 100,
    markers: ['root = true', 'indent_style', 'charset'],
    redFlag: 'Planned as standard: twenty lines of settings are plenty',
    editMinPct: 50,
  },
});
