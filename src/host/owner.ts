import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isFailure } from './failure.ts';

/** Marks a file as this process's: its number and, where the system tells (Linux), when it started, since numbers are given out again. */
export function ownerMark(): string {
  return `${process.pid}-${lifeOf(process.pid)}`;
}

/** Whether the process that left this mark still runs. `sure` is false when it may be another process that got the same number. */
export function ownerOf(mark: string): { readonly alive: boolean; readonly sure: boolean } {
  const [pid, life] = mark.split('-');
  const number = Number(pid);
  if (!Number.isSafeInteger(number) || number <= 0 || !runs(number)) return { alive: false, sure: true };
  return life === UNKNOWN ? { alive: true, sure: false } : { alive: lifeOf(number) === life, sure: true };
}

const UNKNOWN = '0';

/** Twelve digits that no other process of this machine has had since it was started, and none of another machine. */
function lifeOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold brackets and spaces itself; the start time is the twentieth after it.
    const started = fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return createHash('sha256').update(`${boot} ${started}`).digest('hex').slice(0, 12);
  } catch {
    return UNKNOWN;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isFailure(error, 'EPERM');
  }
}
