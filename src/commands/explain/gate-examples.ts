/** One situation in which a gate passes and one in which it fails, as a person would meet them. */
export interface GateExamples {
  readonly pass: string;
  readonly fail: string;
}

/** By the gate's key. */
export const gateExamples: ReadonlyMap<string, GateExamples> = new Map([
  [
    'structural-integrity',
    {
      pass: 'onboarding-metadata.json names its project, its profile and its files, and the files are there.',
      fail: 'A tool that rewrote onboarding-metadata.json dropped "project_id": missing_field at /project_id.',
    },
  ],
  [
    'checksum-chain',
    {
      pass: 'Nobody touched the manifest since the export: source_checksum equals the SHA-256 of its bytes.',
      fail: 'One line of .contextcore.yaml was edited after the export: checksum_mismatch for source_checksum, with both digests.',
    },
  ],
  [
    'provenance-consistency',
    {
      pass: 'provenance.json and onboarding-metadata.json carry the same source checksum.',
      fail: 'provenance.json is left over from last week’s export: provenance_mismatch, with both checksums.',
    },
  ],
  [
    'mapping-completeness',
    {
      pass: 'The gap checkout_api-slo is mapped to TASK-7.',
      fail: 'The task mapping has "checkout_api-slo": "" and so names no task: unmapped_artifact.',
    },
  ],
  [
    'gap-parity',
    {
      pass: 'Seven gaps, and file_ownership plans a file for the same seven.',
      fail: 'A target was added by hand to coverage.gaps only: missing_feature for each of its artifacts.',
    },
  ],
  [
    'design-calibration',
    {
      pass: 'The dashboard’s hint is "comprehensive" with >150, which is what its type asks for.',
      fail: 'The hint of service_monitor says "comprehensive" with <=50: loc_mismatch.',
    },
  ],
  [
    'parameter-resolvability',
    {
      pass: 'spec.requirements.latencyP99 is 200ms, and the alert rules take their threshold from it.',
      fail: 'No owner is stated in the manifest: unresolved_parameter for checkout_api-notification.owner.',
    },
  ],
  [
    'artifact-inventory',
    {
      pass: 'run-provenance.json lists a role for every section of the export that later steps read.',
      fail: 'The export has dependency_graph, and no entry of the inventory has that role: missing_role.',
    },
  ],
  [
    'service-metadata',
    {
      pass: 'service_metadata says that checkout-api speaks grpc.',
      fail: 'The entry of checkout-api has no transport_protocol: missing_transport_protocol.',
    },
  ],
  [
    'edit-first-coverage',
    {
      pass: 'Every output contract has an edit_min_pct, 85 for dashboards.',
      fail: 'The contract of runbook has edit_min_pct: true, which is no percentage: invalid_edit_min_pct.',
    },
  ],
  [
    'min-coverage',
    {
      pass: '--min-coverage 80, and 5 of 6 required artifacts exist: 83.3 %.',
      fail: '--min-coverage 80, and 3 of 6 required artifacts exist: coverage_below_threshold with 50.0 %.',
    },
  ],
  [
    'question-1',
    {
      pass: 'Gate 1 is healthy, and every artifact type has derivation rules and a parameter schema.',
      fail: 'The checksum chain is broken, so the contract is not the one that was written.',
    },
  ],
  [
    'question-2',
    {
      pass: 'Plan ingestion made one feature for each of the seven gaps.',
      fail: 'Its result has six features for seven gaps; the one that is missing is named.',
    },
  ],
  [
    'question-3',
    {
      pass: 'The finalize report counts 7 of 7 as succeeded, and the seven files are there.',
      fail: 'The finalize report says "succeeded", and grafana/dashboards/checkout-api-dashboard.json is not there.',
    },
  ],
  [
    'required-artifacts',
    {
      pass: 'Criticality is medium, so a dashboard and a service monitor are required, and both exist.',
      fail: 'Criticality was raised to critical and the runbook, required now, does not exist: missing_required_artifact on the target’s line.',
    },
  ],
  [
    'dependency-cycles',
    {
      pass: 'The runbook depends on the alert rules, these on the service monitor, and that on nothing.',
      fail: 'a-slo depends on b-slo, and b-slo on a-slo: dependency_cycle.',
    },
  ],
  [
    'artifact-validity',
    {
      pass: 'The alert rules parse, and their severity is the P2 that the manifest derives.',
      fail: 'The PromQL of one alert lacks a bracket; the line of the rule file is named.',
    },
  ],
  [
    'coverage-ratchet',
    {
      pass: 'The base had 66.7 % of the required artifacts, this change has 83.3 %.',
      fail: 'This change deletes a runbook, and coverage falls from 83.3 % to 66.7 %.',
    },
  ],
  [
    'promises',
    {
      pass: 'This change adds a target and leaves every objective as it was.',
      fail: 'spec.requirements.availability goes from 99.95 to 99.5: told on its line, so that somebody decides it knowingly.',
    },
  ],
  [
    'waivers',
    {
      pass: 'A waiver for checkout_api-runbook has a reason, an owner, and expires next month.',
      fail: 'A waiver expired yesterday; its line in .contextcore-quality.yaml is named.',
    },
  ],
]);
