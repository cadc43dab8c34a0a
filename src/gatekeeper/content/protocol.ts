import { count, named } from '../evidence.ts';
import type { Evidence, GateResult } from '../gate.ts';
import type { GateOccasion } from '../single-gate.ts';
import { clean, findingIn, judgeContent, type Reading } from './content-gate.ts';
import { isDockerfile, isSource, numberedLines, type SourceFile, type SourceTree } from './source-tree.ts';

/** Asks whether the sources and Dockerfiles speak the protocol that the service declares, and no other. */
export function checkProtocol(tree: SourceTree, protocol: string, occasion: GateOccasion): GateResult {
  return judgeContent(CARD, tree, occasion, (files) => {
    const other = FOREIGN.get(protocol);
    if (!other)
      return {
        state: 'blind',
        reason: `What does not belong into a service that speaks "${protocol}" is not known here; known are ${[...FOREIGN.keys()].join(', ')}.`,
      };
    return read(
      files.filter(({ path }) => isSource(path) || isDockerfile(path)),
      protocol,
      other,
    );
  });
}

const CARD = {
  key: 'content-verify-protocol',
  title: 'Protocol',
  asks: 'Do the sources speak the protocol that the service declares?',
  why: 'A gRPC service with an HTTP health check is restarted for ever.',
  reads: ['source files', 'Dockerfiles', 'the declared protocol'],
} as const;

interface Foreign {
  readonly name: string;
  readonly signs: RegExp;
}

const GRPC: Foreign = {
  name: 'gRPC',
  signs:
    /\bgrpc_health_probe\b|\bgrpc\.(?:insecure|secure)_channel\b|\bgrpc\.aio\.|\bgrpc_reflection\b|\bgrpc_tools\b|\badd_\w*Servicer_to_server\b|\bstub\s*=\s*[\w.]*Stub\s*\(/gi,
};
const HTTP: Foreign = {
  name: 'HTTP',
  signs:
    /\burllib\b|\brequests\.[a-z]\w*|\bhttp\.(?:client|server)\b|\bFlask\b|\bfastapi\b|\bDjango\b|\baiohttp\b|\bhttpx\b|\bfetch\s*\(|\baxios\.[a-z]\w*|\bnet\/http\b/gi,
};
const FOREIGN: ReadonlyMap<string, Foreign> = new Map([
  ['http', GRPC],
  ['grpc', HTTP],
  ['grpc-web', HTTP],
]);

function read(files: readonly SourceFile[], protocol: string, other: Foreign): Reading {
  const findings = files.flatMap((file) =>
    numberedLines(file.text).flatMap(
      ([line, number]) => line.match(other.signs)?.map((sign) => signIn(file, number, sign, protocol, other)) ?? [],
    ),
  );
  if (findings.length === 0)
    return clean(
      'protocol_coherent',
      'all',
      `${count(files.length, 'file')} read.`,
      `Nothing in the sources contradicts the declared protocol "${protocol}".`,
    );
  const where = [...new Set(findings.map(({ ref }) => ref))];
  return {
    state: 'soiled',
    findings,
    reason: `The service declares "${protocol}", and ${count(where.length, 'file')} ${where.length === 1 ? 'speaks' : 'speak'} ${other.name}: ${named(where)}.`,
    nextAction: `Correct the declared protocol in service_metadata, or take the ${other.name} code out.`,
  };
}

function signIn(file: SourceFile, line: number, sign: string, protocol: string, other: Foreign): Evidence {
  const description = `"${sign}" on line ${line} belongs to ${other.name}; the service declares "${protocol}".`;
  return findingIn('protocol_mismatch', file, line, file.path, description);
}
