import type { Kind } from './kind.ts';
import { loadLogql } from './logql.ts';
import { statementsOf } from './prometheus-rule.ts';
import type { QueryReading } from './query.ts';
import { checkRuleFile } from './rule-groups.ts';
import { after } from './soon.ts';

/** Alerting and recording rules of Loki: the rule files of Prometheus with LogQL, plain, in ConfigMaps, or as objects of the Loki operator. */
export const lokiRule: Kind = {
  type: 'loki_rule',
  check: (source, book) =>
    after(loadLogql(), (read) => checkRuleFile(source, { name: 'LogQL', read, kinds: KINDS, statements: statementsOf, judgeType }, book)),
};

const KINDS = new Map([
  // Loki's rule synchronisation reads PrometheusRule objects.
  ['PrometheusRule', ['monitoring.coreos.com/v1']],
  ['AlertingRule', ['loki.grafana.com/v1', 'loki.grafana.com/v1beta1']],
  ['RecordingRule', ['loki.grafana.com/v1', 'loki.grafana.com/v1beta1']],
]);

function judgeType({ yields }: QueryReading) {
  if (yields !== 'log') return undefined;
  return {
    message: 'the query yields log lines, and a rule needs numbers; put a function such as count_over_time() or rate() around it.',
    refused: true,
  };
}
