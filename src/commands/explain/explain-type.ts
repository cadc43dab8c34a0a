import type { ArtifactType, ParameterSpec } from '../../contract/contract.ts';
import type { Explanation } from './explanation.ts';

/** What an artifact type is, where its values come from, when it is required, and how an existing one is found. */
export function explainType(type: ArtifactType): Explanation {
  const { output, expected, generate } = type;
  return {
    document: {
      kind: 'type',
      type: type.type,
      group: type.group,
      description: output.description,
      output: {
        path: output.path,
        ext: output.ext,
        schema: output.schemaUrl,
        example_path: output.examplePath,
        example: output.exampleSnippet,
      },
      parameters: type.parameters.map((parameter) => ({ ...parameter })),
      expected: { depth: expected.depth, max_lines: expected.maxLines, markers: expected.markers, red_flag: expected.redFlag },
      generated: generate
        ? {
            id: `{${generate.scope}}-${generate.suffix}`,
            scope: generate.scope,
            priority: { ...generate.priority },
            depends_on: generate.dependsOn,
            found_as: generate.conventions,
          }
        : null,
    },
    lines: [
      `${type.type}: ${output.description}`,
      '',
      ...(generate
        ? generatedLines(generate)
        : ['No manifest asks for one by itself; the type is there for those that are made from sources.']),
      `Path      ${output.path}`,
      `Format    ${output.schemaUrl}`,
      `Size      ${expected.depth}, at most ${expected.maxLines} lines, with ${expected.markers.join(', ')}`,
      'Values',
      ...type.parameters.map((parameter) => `  ${parameter.key}: ${sourceOf(parameter)}`),
      'Example',
      ...output.exampleSnippet.split('\n').map((line) => `  ${line}`),
    ],
  };
}

function generatedLines(generate: NonNullable<ArtifactType['generate']>): readonly string[] {
  const whose = generate.scope === 'target' ? 'one for each target' : 'one for the project';
  const priorities = Object.entries(generate.priority).map(([criticality, priority]) => `${priority} when ${criticality}`);
  return [
    `Wanted    ${whose}: ${priorities.join(', ')}`,
    `Needs     ${generate.dependsOn.length > 0 ? generate.dependsOn.map((suffix) => `{target}-${suffix}`).join(', ') : 'nothing before it'}`,
    `Found as  ${generate.conventions.join(', ')} (in any directory; - and _ are equal)`,
  ];
}

/** `spec.requirements.availability, or 99.9 where the manifest is silent` */
export function sourceOf({ source, field, default: fallback }: ParameterSpec): string {
  return `${field ?? source}${fallback === undefined ? '' : `, or ${fallback} where the manifest is silent`}`;
}
