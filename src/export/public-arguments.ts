import { sep } from 'node:path';
import { withoutSecrets } from '../host/secret-shapes.ts';
import { portablePath } from './paths.ts';

/** Arguments as they may stand in a file that leaves this machine: the values of flags that carry secrets masked, credentials cut out of addresses, no absolute path. */
export function publicArguments(root: string, args: readonly string[]): readonly string[] {
  return args.map((arg, index) => {
    const before = args[index - 1] ?? '';
    if (SECRET_FLAG.test(before) && !before.includes('=')) return MASK;
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    if (equals < 0) return publicValue(root, arg);
    const flag = arg.slice(0, equals);
    return `${flag}=${SECRET_FLAG.test(flag) ? MASK : publicValue(root, arg.slice(equals + 1))}`;
  });
}

const MASK = '***';
const SECRET_FLAG = /^--?[\w-]*(header|token|secret|passw|authori[sz]ation|credential|api-?key)/i;

function publicValue(root: string, value: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return value.replace(/^([^/]+\/\/)[^/?#]*@/, '$1');
  const path = /^([^/\\:]+:)?((?:\/|[A-Za-z]:[\\/]).*)$/s.exec(value);
  return withoutSecrets((path ? (path[1] ?? '') + portablePath(root, path[2] ?? '') : value).replaceAll(root + sep, ''));
}
