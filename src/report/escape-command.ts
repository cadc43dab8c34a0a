import { visible } from './escape-terminal.ts';

/** The message of a workflow command, whole on its line: the runner decodes these three and nothing else (actions/runner ActionCommand.cs). */
export function commandData(text: string): string {
  return text.toWellFormed().replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property's value, which `:` and `,` would end. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * One line for the runner's log that is no command, whatever it says. The runner obeys `##[command]` anywhere in a line and `::command::` after
 * any white space, from stdout and stderr alike (spec/github.md §3.2), so both are broken by a backslash.
 */
export function safeLogLine(text: string): string {
  return visible(text)
    .replaceAll('##[', '##\\[')
    .replace(/^(\s*)::/u, '$1\\::');
}
