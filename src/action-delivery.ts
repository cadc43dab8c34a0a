import type { ActionSettings } from './action-inputs.ts';
import { type Outputs, outputsOf } from './action-outputs.ts';
import { uploadArtifact } from './host/github/artifact.ts';
import { SUMMARY_LIMIT, writeSummary } from './host/github/summary.ts';
import { exportVariable, group, notice, setOutput } from './host/github/toolkit.ts';
import { given } from './host/given.ts';
import type { World } from './host/world.ts';
import { safeLogLine } from './report/escape-command.ts';
import { markdownCode, markdownText } from './report/escape-markdown.ts';
import { visible } from './report/escape-terminal.ts';
import type { Report } from './report/report.ts';
import { annotations } from './reporters/annotations.ts';
import { summaryReporter } from './reporters/summary.ts';
import { terminalReporter } from './reporters/terminal.ts';
import type { RunOutcome } from './run.ts';

type Env = World['env'];

/**
 * Tells everyone what came of a run: the steps after it, the log, the lines of the pull request, the summary, the artifact. A channel that fails is told in
 * the next, and none of them changes the verdict (spec/github.md §7).
 */
export async function deliver(outcome: RunOutcome, settings: ActionSettings, env: Env): Promise<void> {
  const set = setOutputs(outputsOf(outcome));
  if (outcome.traceparent !== undefined && !env['TRACEPARENT']) exportVariable('TRACEPARENT', outcome.traceparent);
  if (outcome.baggage !== undefined && !env['BAGGAGE']) exportVariable('BAGGAGE', outcome.baggage);
  const report = set ? outcome.report : withLoss(outcome.report, NO_OUTPUTS);
  log(terminalReporter({ colour: false, width: 120 }).render(report));
  if (settings.annotations === 'workflow-command') process.stdout.write(annotations.render(report));
  const unwritten = await writeSummary(env['GITHUB_STEP_SUMMARY'], summaryReporter(SUMMARY_LIMIT - ARTIFACT_LINE).render(report));
  if (unwritten !== undefined) log(unwritten);
  if (settings.upload && outcome.files.length > 0) await upload(outcome, settings, env);
}

/** True when the runner took them all; one that it does not take keeps none of the others back. */
export function setOutputs(outputs: Partial<Outputs>): boolean {
  return Object.entries(outputs)
    .map(([name, value]) => setOutput(name, value))
    .every((taken) => taken);
}

async function upload({ files }: RunOutcome, { run, artifactName, retentionDays }: ActionSettings, env: Env): Promise<void> {
  const artifact = await group('Upload of the artifact', () =>
    uploadArtifact({ name: artifactName, files, ...given({ retentionDays }) }, env),
  );
  if (artifact.state === 'uploaded') {
    setOutputs({ 'artifact-id': artifact.id, 'artifact-url': artifact.url ?? '' });
    await writeSummary(env['GITHUB_STEP_SUMMARY'], `\n${linkTo(artifact.url, artifactName)}\n`);
  } else {
    notice(`No artifact was uploaded, since ${visible(artifact.why)}. The files are in ${visible(run.outputDir)}.`);
    await writeSummary(env['GITHUB_STEP_SUMMARY'], `\nNo artifact was uploaded, since ${markdownText(artifact.why)}.\n`);
  }
}

const NO_OUTPUTS = 'The outputs of this step are not set: there is no runner, or its file cannot be written.';
/** Room that the summary leaves for the line about the artifact. */
const ARTIFACT_LINE = 8 * 1024;

function linkTo(url: string | undefined, name: string): string {
  return `Artifact: ${url === undefined ? markdownCode(name) : `[${markdownText(name)}](${url})`}`;
}

function withLoss(report: Report, loss: string): Report {
  return { ...report, losses: [...report.losses, loss] };
}

/** For people; whatever it says, the runner takes none of it for a command. */
function log(text: string): void {
  for (const line of text.trimEnd().split('\n')) console.log(safeLogLine(line));
}
