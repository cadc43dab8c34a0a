import { nearest } from '../../host/nearest.ts';

/** Label names that every Prometheus and Alertmanager takes. Prometheus 3 takes any UTF-8, which its users still have to ask for. */
export function isClassicLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

export function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

export function isMetricName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}
