import { createInterface } from 'node:readline';

/** Someone who answers questions, one line each. An answer that never comes, since the input ended, is an empty one. */
export interface Person extends Disposable {
  readonly ask: (question: string) => Promise<string>;
}

/** The person at the terminal. Questions go to stderr, so that stdout stays one document. */
export function personAtTerminal(): Person {
  return personAt(process.stdin, process.stderr);
}

/** Whoever writes lines to a stream. Lines that come before their question, as from a pipe, wait for it. */
export function personAt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Person {
  const lines = createInterface({ input });
  const said: string[] = [];
  let waiting: ((line: string) => void) | undefined;
  let ended = false;
  const hear = (line: string) => {
    if (!waiting) return void said.push(line);
    waiting(line);
    waiting = undefined;
  };
  lines.on('line', hear);
  lines.once('close', () => {
    ended = true;
    waiting?.('');
  });
  return {
    ask: (question) => {
      output.write(question);
      const [line] = said.splice(0, 1);
      if (line !== undefined || ended) return Promise.resolve(line ?? '');
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    [Symbol.dispose]: () => lines.close(),
  };
}
