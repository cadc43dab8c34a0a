import type { JsonObject } from '../host/json.ts';

/** Where editors find the JSON Schema of a manifest; also its `$id`. */
export const MANIFEST_SCHEMA = 'https://contextcore.io/schemas/manifest.schema.json';

/** The first line of a manifest: with it, editors complete and check while one types. */
export const SCHEMA_LINE = `# yaml-language-server: $schema=${MANIFEST_SCHEMA}\n`;

export interface TemplateOptions {
  /** Normalised. */
  readonly name: string;
  /** Today, `YYYY-MM-DD`. */
  readonly date: string;
  /** What a capability index adds to the guidance. */
  readonly constraints?: readonly JsonObject[];
  readonly preferences?: readonly JsonObject[];
}

/** The name as ids have it: trimmed, in lower case, dashes for blanks (spec/manifest.md §13). */
export function normaliseName(name: string): string {
  return name.trim().toLowerCase().replaceAll(' ', '-');
}

/** A v2 manifest to start from: every section with an example of what belongs in it, and no warning when it is validated (I6). */
export function templateV2({ name, date, constraints = [], preferences = [] }: TemplateOptions): JsonObject {
  return {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: {
      name,
      owners: [{ team: 'engineering', slack: '#alerts', email: 'team@example.com' }],
      changelog: [{ date, version: '2.0', actor: 'agent:contextcore-init', summary: 'Manifest created' }],
      links: {
        repo: `https://github.com/your-org/${name}`,
        docs: `https://github.com/your-org/${name}/wiki`,
        dashboard: 'http://localhost:3000/d/contextcore-portfolio',
      },
    },
    spec: {
      project: { id: name, name: displayName(name), description: `What ${displayName(name)} does, and for whom` },
      business: { criticality: 'medium', owner: 'engineering', value: 'enabler' },
      requirements: {
        availability: '99.9',
        latencyP99: '500ms',
        throughput: '100rps',
        errorBudget: '0.1',
        source: 'contextcore-pipeline-innate',
      },
      risks: [
        {
          type: 'availability',
          priority: 'P3',
          description: 'A dependency that fails takes the service down with it',
          mitigation: 'Time limits and a fallback for every call to a dependency',
        },
      ],
      targets: [{ kind: 'Deployment', name, namespace: 'default' }],
      observability: {
        traceSampling: 1,
        metricsInterval: '30s',
        alertChannels: ['#alerts'],
        logLevel: 'info',
        dashboardPlacement: 'standard',
      },
    },
    strategy: {
      objectives: [
        {
          id: 'OBJ-001',
          description: 'The service is there when it is called',
          keyResults: [{ metricKey: 'availability', unit: '%', target: 99.9, targetOperator: 'gte', window: '30d' }],
        },
      ],
      tactics: [
        {
          id: 'TAC-001',
          description: 'Make the observability artifacts that this manifest asks for',
          status: 'planned',
          linkedObjectives: ['OBJ-001'],
        },
      ],
    },
    guidance: {
      focus: { areas: ['reliability'], reason: 'Promises are kept before features are added' },
      constraints,
      preferences,
      // Open, it would be a warning, and a file that was just made should have none.
      questions: [
        {
          id: 'Q-001',
          question: 'Which numbers under spec.requirements were measured, and which are wishes?',
          status: 'deferred',
          priority: 'medium',
        },
      ],
    },
    insights: [],
  };
}

/** A v1.1 manifest to start from, complete (I4). */
export function templateV1({ name, date }: TemplateOptions): JsonObject {
  return {
    apiVersion: 'contextcore.io/v1alpha1',
    kind: 'ContextManifest',
    version: '1.1',
    metadata: {
      name,
      owners: [{ team: 'engineering' }],
      changelog: [{ date, version: '1.1', actor: 'agent:contextcore-init', summary: 'Manifest created' }],
    },
    spec: {
      project: { id: name, name: displayName(name) },
      business: { criticality: 'medium', owner: 'engineering' },
      targets: [{ kind: 'Deployment', name, namespace: 'default' }],
    },
    objectives: [{ id: 'OBJ-001', description: 'The service is there when it is called', metric: 'availability', target: '99.9%' }],
    strategies: [],
    insights: [],
  };
}

/** `checkout-api` → `Checkout Api` */
function displayName(name: string): string {
  return name
    .replaceAll('-', ' ')
    .toLowerCase()
    .replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
}
