/** What an expression of PromQL yields. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export interface Signature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /** How many arguments more or fewer than `args` less one are taken: 0 exactly `args`, n at most n, -1 any number. */
  readonly variadic: number;
  /** Prometheus takes it only with `--enable-feature=promql-experimental-functions`. */
  readonly experimental: boolean;
}

/** `arguments ~variadic > result !experimental`, and the functions that have it (Prometheus 3, promql/parser/functions.go). */
const SIGNATURES: Readonly<Record<string, string>> = {
  'vector > vector':
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp',
  'matrix > vector':
    'absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time',
  'vector ~1 > vector': 'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  'matrix > vector !': 'mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  '> scalar !': 'end range start step',
  'vector scalar > vector': 'clamp_max clamp_min',
  'scalar scalar > scalar !': 'max_of min_of',
  '> scalar': 'pi time',
  'vector string ~-1 > vector !': 'sort_by_label sort_by_label_desc',
  'vector scalar scalar > vector': 'clamp',
  'scalar scalar vector > vector': 'histogram_fraction',
  'scalar vector > vector': 'histogram_quantile',
  'vector string scalar scalar ~9 > vector !': 'histogram_quantiles',
  'matrix scalar scalar > vector !': 'double_exponential_smoothing',
  'vector vector ~1 > vector !': 'info',
  'vector string string string string > vector': 'label_replace',
  'vector string string string ~-1 > vector': 'label_join',
  'matrix scalar > vector': 'predict_linear',
  'scalar matrix > vector': 'quantile_over_time',
  'vector scalar ~1 > vector': 'round',
  'vector > scalar': 'scalar',
  'vector > vector !': 'start_timestamp',
  'scalar > vector': 'vector',
};

export const FUNCTIONS: ReadonlyMap<string, Signature> = new Map(
  Object.entries(SIGNATURES).flatMap(([text, names]) => {
    const signature = readSignature(text);
    return names.split(' ').map((name) => [name, signature] as const);
  }),
);

function readSignature(text: string): Signature {
  const [left = '', right = ''] = text.split('>');
  const words = left.split(' ').filter((word) => word !== '');
  const variadic = words.find((word) => word.startsWith('~'));
  return {
    args: words.filter((word) => word !== variadic) as ValueType[],
    returns: right.replace('!', '').trim() as ValueType,
    variadic: Number(variadic?.slice(1) ?? 0),
    experimental: right.includes('!'),
  };
}

/** What an aggregation takes before its vector; absent for those that take the vector alone. */
export const AGGREGATIONS: ReadonlyMap<string, ValueType | undefined> = new Map([
  ...'sum avg min max count group stddev stdvar'.split(' ').map((name) => [name, undefined] as const),
  ...'topk bottomk quantile limitk limit_ratio'.split(' ').map((name) => [name, 'scalar'] as const),
  ['count_values', 'string'] as const,
]);

export const EXPERIMENTAL_AGGREGATIONS: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

/** Functions of VictoriaMetrics' MetricsQL that PromQL lacks: a query that calls one is written for another program. */
export const METRICSQL: ReadonlySet<string> = new Set(
  (
    'alias any aggr_over_time ascent_over_time bitmap_and bitmap_or bitmap_xor bottomk_avg bottomk_last bottomk_max bottomk_median bottomk_min ' +
    'buckets_limit count_eq_over_time count_gt_over_time count_le_over_time count_ne_over_time count_values_over_time decreases_over_time default_rollup ' +
    'deriv_fast descent_over_time distinct distinct_over_time drop_common_labels drop_empty_series duration_over_time geomean geomean_over_time ' +
    'histogram histogram_over_time histogram_share hoeffding_bound_lower hoeffding_bound_upper increase_prometheus increase_pure increases_over_time integrate interpolate ' +
    'keep_last_value keep_next_value label_copy label_del label_graphite_group label_keep label_lowercase label_map label_match label_mismatch label_move label_set label_transform ' +
    'label_uppercase label_value labels_equal lag lifetime limit_offset mad median median_over_time mode mode_over_time now outliers_iqr outliers_iqr_over_time outliers_mad outliersk ' +
    'prometheus_buckets quantiles quantiles_over_time rand rand_exponential rand_normal range_avg range_first range_last range_linear_regression range_mad range_max range_median range_min ' +
    'range_normalize range_over_time range_quantile range_stddev range_stdvar range_sum range_trim_outliers range_trim_spikes range_trim_zscore range_zscore rate_over_sum rate_prometheus ' +
    'remove_resets rollup rollup_candlestick rollup_delta rollup_deriv rollup_increase rollup_rate rollup_scrape_interval ru running_avg running_max running_min running_sum scrape_interval ' +
    'share share_eq_over_time share_gt_over_time share_le_over_time smooth_exponential sort_by_label_numeric sort_by_label_numeric_desc stale_samples_over_time sum2 sum2_over_time ' +
    'sum_eq_over_time sum_gt_over_time sum_le_over_time tfirst_over_time timestamp_with_name timezone_offset tlast_change_over_time tlast_over_time tmax_over_time tmin_over_time ' +
    'topk_avg topk_last topk_max topk_median topk_min union vmrange zscore zscore_over_time'
  ).split(' '),
);
