import type { Reporter } from './report.ts';

/** Declares a reporter: checked when it is made, so that a slip is told where it stands and not in the middle of a run. */
export function defineReporter(reporter: Reporter): Reporter {
  if (!/^[a-z][a-z0-9-]*$/.test(reporter.name)) {
    throw new TypeError(
      `A reporter's name is lower-case words joined by "-", such as "job-summary"; found ${JSON.stringify(reporter.name)}.`,
    );
  }
  if (reporter.describes.trim() === '')
    throw new TypeError(`The reporter "${reporter.name}" needs one sentence in "describes": what it writes, and for whom.`);
  if (typeof reporter.render !== 'function') {
    throw new TypeError(
      `The reporter "${reporter.name}" needs a function "render" that turns a report into text; found ${typeof reporter.render}.`,
    );
  }
  return Object.freeze({ ...reporter });
}
