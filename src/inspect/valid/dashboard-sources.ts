import { type At, has, items, step, textOf, walk } from './tree.ts';

/** What a dashboard says of the datasources it refers to. */
export interface DashboardSources {
  /** The kind of datasource behind a reference: `prometheus`, `loki`, another plugin's id; undefined where only the Grafana it is loaded into knows. */
  readonly typeOf: (reference: At) => 'prometheus' | 'loki' | (string & {}) | undefined;
  /** The same by the name or id of a datasource, and the kind that is said beside it. */
  readonly kindOf: (name: string, type: string | undefined) => 'prometheus' | 'loki' | (string & {}) | undefined;
  /** The variable that a name consists of, without `$` and braces. */
  readonly variableIn: (name: string) => string | undefined;
}

export function createSources(dashboard: At): DashboardSources {
  const declared = new Map<string, string>();
  for (const variable of items(walk(dashboard, 'templating', 'list'))) {
    const [name, query] = [textOf(step(variable, 'name')), textOf(step(variable, 'query'))];
    if (textOf(step(variable, 'type')) === 'datasource' && name && query) declared.set(name, query);
  }
  for (const input of items(step(dashboard, '__inputs'))) {
    const [name, plugin] = [textOf(step(input, 'name')), textOf(step(input, 'pluginId'))];
    if (name && plugin) declared.set(name, plugin);
  }
  return createNamedSources(declared);
}

/** `declared` are the variables that stand for a datasource, and its plugin. */
export function createNamedSources(declared: ReadonlyMap<string, string>): DashboardSources {
  const kindOf = (name: string, type: string | undefined) => {
    const variable = variableIn(name);
    return familyOf(variable !== undefined ? (declared.get(variable) ?? type) : (type ?? byName(name)));
  };
  return {
    typeOf: (reference) => {
      if (!has(reference)) return undefined;
      const name = typeof reference.value === 'string' ? reference.value : (textOf(step(reference, 'uid')) ?? '');
      return kindOf(name, textOf(step(reference, 'type')));
    },
    kindOf,
    variableIn,
  };
}

function variableIn(name: string): string | undefined {
  const match = /^\$(?:\{(\w+)(?::\w+)?\}|(\w+))$|^\[\[(\w+)\]\]$/.exec(name);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Datasources that were once referred to by name alone. */
function byName(name: string): string | undefined {
  if (/^-- (?:Grafana|Dashboard|Mixed) --$/.test(name) || name === 'grafana') return 'grafana';
  return /^(?:prometheus|loki|tempo)$/i.test(name) ? name.toLowerCase() : undefined;
}

/** Plugins that speak PromQL too; `datasource` is what Grafana's own reference to mixed datasources says. */
function familyOf(type: string | undefined): string | undefined {
  if (type === 'datasource') return 'grafana';
  return type === 'grafana-amazonprometheus-datasource' || type === 'grafana-azureprometheus-datasource' ? 'prometheus' : type;
}
