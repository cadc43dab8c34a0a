import { defineGate } from 'export-tasks';

/** A house rule: every project is named after the department that pays for it. A gate looks at facts only; it says what and where. */
export const departmentPrefix = defineGate({
  key: 'department-prefix',
  title: 'Department prefix',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'critical', blocking: true },
  asks: 'Does the project id begin with the name of a department?',
  why: 'Costs are shared out by it.',
  reads: ['project_id of the onboarding metadata'],
  judge: ({ onboarding }) => {
    const metadata = onboarding.state === 'read' ? (onboarding.value as { readonly project_id?: unknown }) : {};
    const id = String(metadata.project_id ?? '');
    if (/^(sales|logistics)-/.test(id)) return { outcome: 'pass', reason: `"${id}" names its department.`, evidence: [] };
    return {
      outcome: 'fail',
      reason: `"${id}" names no department.`,
      nextAction: `Call the project sales-${id} or logistics-${id}.`,
      evidence: [
        {
          type: 'department_missing',
          ref: id,
          description: `"${id}" begins neither with sales- nor with logistics-.`,
          finding: true,
          at: [{ file: 'manifest', path: 'spec.project.id' }],
        },
      ],
    };
  },
});
