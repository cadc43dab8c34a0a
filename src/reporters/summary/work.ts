import type { Plan, PlannedTask } from '../../plan/plan.ts';
import { markdownCode } from '../../report/escape-markdown.ts';
import { mermaidLabel } from '../../report/escape-mermaid.ts';
import { folded, markdownTable } from '../../report/markdown-table.ts';
import type { Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { count } from '../../report/words.ts';
import type { Detail } from './detail.ts';

/** Beyond this a graph is a knot. */
const READABLE = 30;
const LABEL = 64;

/** The work of one manifest: stories and dependencies as a graph while that can be read, as a table beyond. */
export function workSection(report: Report, detail: Detail): readonly string[] {
  const [entry] = report.entries;
  const plan = report.entries.length === 1 ? entry?.plan : undefined;
  if (plan === undefined || plan.tasks.length === 0 || !detail.extras) return [];
  const { totalCount, gapCount } = plan.epic;
  const title = `### The work · ${gapCount} of ${count(totalCount, 'task')} open`;
  return [
    title,
    plan.tasks.length <= READABLE
      ? graph(plan)
      : folded(count(plan.stories.length, 'story', 'stories'), storyTable(plan, detail) + '\n\n' + taskTable(plan, detail)),
  ];
}

const CLASSES = [
  'classDef open fill:#fff8c5,stroke:#9a6700,color:#1f2328',
  'classDef there fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  'classDef stale fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4',
];

function graph(plan: Plan): string {
  const nodes = new Map(plan.tasks.map((task, index) => [task.taskId, `t${index}`]));
  const stories = plan.stories.map((story, index) => {
    const own = plan.tasks.filter((task) => task.parentId === story.taskId);
    return [
      `  subgraph s${index}["${label(story.title)}"]`,
      ...own.map((task) => `    ${nodes.get(task.taskId)}["${label(task.taskId)}"]:::${look(task)}`),
      '  end',
    ];
  });
  const edges = plan.tasks.flatMap((task) =>
    task.dependsOn.flatMap((id) => (nodes.has(id) ? [`  ${nodes.get(id)} --> ${nodes.get(task.taskId)}`] : [])),
  );
  return [
    'An arrow points from what comes first to what needs it. Yellow is open, green exists, dashed red is outdated.',
    ['```mermaid', 'flowchart LR', ...stories.flat(), ...edges, ...CLASSES.map((line) => `  ${line}`), '```'].join('\n'),
  ].join('\n\n');
}

function storyTable(plan: Plan, { rows, name }: Detail): string {
  return markdownTable(
    [{ title: 'Story' }, { title: 'Open', align: 'right' }, { title: 'Done', align: 'right' }, { title: 'All', align: 'right' }],
    plan.stories
      .slice(0, rows)
      .map((story) => [
        markdownCode(shorten(story.type, name)),
        String(story.gapCount),
        String(story.completedCount),
        String(story.totalCount),
      ]),
  );
}

function taskTable(plan: Plan, { rows, name }: Detail): string {
  const open = plan.tasks.filter((task) => look(task) !== 'there');
  const text = markdownTable(
    [{ title: 'Open task' }, { title: 'Priority' }, { title: 'After' }],
    open.slice(0, rows).map((task) => [
      markdownCode(shorten(task.taskId, name)),
      task.artifact.priority,
      task.dependsOn.length === 0
        ? '–'
        : task.dependsOn
            .slice(0, 10)
            .map((id) => markdownCode(shorten(id, name)))
            .join(', '),
    ]),
  );
  return open.length > rows ? `${text}\n\n…and ${count(open.length - rows, 'more task')}, in \`task-emission-preview.json\`.` : text;
}

function look({ artifact }: PlannedTask): 'open' | 'there' | 'stale' {
  return artifact.status === 'needed' ? 'open' : artifact.status === 'outdated' ? 'stale' : 'there';
}

function label(text: string): string {
  return mermaidLabel(shorten(text, LABEL));
}
