import { type Receiver, startReceiver } from '../../scripts/receiver.ts';

/** Stands between us and a backend and notes what the backend took; every byte and every answer pass as they are. */
export interface Tee extends Receiver, AsyncDisposable {
  /** Statuses the backend answered, in order. */
  readonly answers: readonly number[];
}

export async function startTee(backend: string): Promise<Tee> {
  const answers: number[] = [];
  const receiver = await startReceiver({
    behaviour: async ({ request, response, body, accept }) => {
      const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
      const headers = { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) };
      const answer = await fetch(backend + request.url, { method: 'POST', headers, body: new Uint8Array(body) });
      answers.push(answer.status);
      if (answer.ok) accept();
      const said = Buffer.from(await answer.arrayBuffer());
      const more = ['content-type', 'retry-after'].flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)!]] : []));
      response.writeHead(answer.status, Object.fromEntries(more)).end(said);
      return true;
    },
  });
  return { ...receiver, answers, [Symbol.asyncDispose]: receiver.close };
}
