import type { CheckedGate, CheckReport } from '../report/check-report.ts';
import { visible } from '../report/escape-terminal.ts';

/** The report of `check` for a terminal, in the layout of the reference (gates.md §2.9). */
export function checkText(report: CheckReport): string {
  const lines = [
    '',
    `Pipeline integrity: ${report.is_healthy ? 'HEALTHY' : 'UNHEALTHY'}${report.status === 'degraded' ? ' (degraded)' : ''}`,
    `  Project:    ${report.project_id}`,
    `  Directory:  ${report.output_dir}`,
    `  Checked:    ${report.checked_at}`,
    `  Gates:      ${report.passed}/${report.total_gates} passed`,
    '',
    ...report.gates.flatMap(gateLines),
    ...block('Warnings', report.warnings),
    ...block('Skipped', report.skipped),
  ];
  return lines.map(visible).join('\n') + '\n';
}

function gateLines(gate: CheckedGate): readonly string[] {
  const isFail = gate.result === 'fail';
  return [
    `  ${isFail ? 'FAIL' : 'PASS'}${gate.blocking ? ' [BLOCKING]' : ''}  ${gate.gate_id}`,
    `    ${gate.reason}`,
    ...(isFail ? [`    -> ${gate.next_action}`] : []),
    ...gate.evidence.map((item) => `      [${item.type}] ${item.ref}: ${item.description}`),
    '',
  ];
}

function block(title: string, items: readonly string[]): readonly string[] {
  return items.length > 0 ? [`  ${title}:`, ...items.map((item) => `    - ${item}`), ''] : [];
}
