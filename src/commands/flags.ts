import { given } from '../host/given.ts';
import { type Parser, parseChoice, parseDuration, parseEndpoint, parseHeaders } from '../host/settings.ts';
import type { TraceOrder } from '../story/trace.ts';
import { PROTOCOLS } from '../telemetry/endpoint.ts';
import { type Call, type Flag, UsageError } from './command.ts';

/** `-p/--path` and `--manifest` are one option (design.md, The command line). */
export const pathFlags: readonly Flag[] = [
  { flags: '-p, --path <file>', describes: 'the manifest' },
  { flags: '--manifest <file>', describes: 'the manifest', aliasOf: 'path' },
];

export const formatFlag: Flag = { flags: '--format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' };

export const reportFlag: Flag = { flags: '-r, --report <file>', describes: 'also write the JSON report to this file' };

/** How a trace is sent, where a command makes one beside its own work. */
export const otlpFlags: readonly Flag[] = [
  { flags: '--otlp-endpoint <url>', describes: 'where the trace goes; else the OTEL_* variables decide' },
  { flags: '--endpoint <url>', describes: 'the same', aliasOf: 'otlpEndpoint' },
  { flags: '--otlp-headers <list>', describes: 'name=value,name=value' },
  {
    flags: '--otlp-protocol <name>',
    describes: 'how it is sent (default: what OTEL_EXPORTER_OTLP_PROTOCOL says, else http/json)',
    choices: PROTOCOLS,
  },
  { flags: '--otlp-timeout <time>', describes: 'for everything that is sent: 30s, 500ms, or seconds (default: 30s)' },
];

/** The same for a command that judges an export: its gates go into the trace of that export only when they are asked to. */
export const emitFlags: readonly Flag[] = [
  { flags: '--emit-tasks', describes: 'also emit the gates into the trace that the export names' },
  ...otlpFlags,
];

/** The trace that these flags ask for. */
export function otlpOrder(flag: ReadFlag, mode: TraceOrder['mode'], emitTasks: TraceOrder['emitTasks']): TraceOrder {
  return {
    mode,
    emitTasks,
    otlpTimeoutMs: flag('otlp-timeout', parseDuration) ?? 30_000,
    tracePlacement: 'own',
    traceLimit: 2000,
    ...given({
      otlpEndpoint: flag('otlp-endpoint', parseEndpoint),
      otlpHeaders: flag('otlp-headers', parseHeaders),
      otlpProtocol: flag('otlp-protocol', parseChoice(PROTOCOLS)),
    }),
  };
}

/** What to say of each flag about the trace that is given although no trace is asked for. */
export function idleTraceFlags(call: Call, more: readonly string[] = []): readonly string[] {
  if (call.flag('emitTasks') === true) return [];
  const given = [...more, ...OTLP_FLAGS].filter((name) => call.text(camelCase(name)) !== undefined);
  return given.map((name) => `--${name} is about the trace, and no trace is asked for; add --emit-tasks.`);
}

const OTLP_FLAGS = ['otlp-endpoint', 'otlp-headers', 'otlp-protocol', 'otlp-timeout'];

/** The value of a flag, by its name on the command line; undefined where it is not given. */
export type ReadFlag = <T>(name: string, parse: Parser<T>) => T | undefined;

/** Reads flags whose values can be wrong. @throws UsageError with every fault, each on its line. */
export function judgeFlags<T>(call: Call, read: (flag: ReadFlag, fault: (message: string) => void) => T): T {
  const faults: string[] = [];
  const flag: ReadFlag = (name, parse) => {
    const text = call.text(camelCase(name));
    const setting = text === undefined ? undefined : parse(text);
    if (setting?.ok === false) faults.push(`--${name}: ${setting.why}`);
    return setting?.ok ? setting.value : undefined;
  };
  const done = read(flag, (message) => faults.push(message));
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return done;
}

/** A flag as its value is named: `otlp-endpoint` is `otlpEndpoint`. */
export function camelCase(flag: string): string {
  return flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
