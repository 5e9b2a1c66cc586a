/** Which process wrote something, and whether it still lives. A pid alone does not say: pids are used again. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot and start time, where the platform tells; else empty. */
  readonly started: string;
}

export const ownIdentity: ProcessIdentity = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };

/** `elsewhere`: on another host, where nobody here can look. */
export function fateOf({ pid, host, started }: ProcessIdentity): 'alive' | 'gone' | 'elsewhere' {
  if (host !== ownIdentity.host) return 'elsewhere';
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'gone';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const current = startOf(pid);
  return started === '' || current === undefined || current === started ? 'alive' : 'gone';
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; undefined where there is no such thing. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process whose parent has not looked yet: it has a pid, and does nothing any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'dead';
    return `${boot}.${fields[19]}`;
  } catch {
    return undefined;
  }
}
