/** What a process has used, told by the kernel: CPU of all its threads and memory. Linux only; elsewhere nothing is known. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/** Microseconds of CPU so far; NaN where the kernel does not tell. Threads that have ended are missing. */
export function cpuOf(pid: number | undefined): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((thread) => {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    });
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e3;
  } catch {
    return Number.NaN;
  }
}

/** Milliseconds of CPU of all children that have ended, in steps of ten: to be added up over many. */
export function cpuOfEnded(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return 10 * (Number(fields[13]) + Number(fields[14]));
  } catch {
    return Number.NaN;
  }
}

/** Megabytes in memory now, and at most since `forgetPeak`. */
export const memoryOf = (pid: number | undefined): number => statusOf(pid, 'VmRSS');
export const peakOf = (pid: number | undefined): number => statusOf(pid, 'VmHWM');

function statusOf(pid: number | undefined, field: string): number {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${field}:\\s+(\\d+) kB`))?.[1];
    return Number(line) / 1024;
  } catch {
    return Number.NaN;
  }
}

export function forgetPeak(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Then the peak is that of the whole life.
  }
}

/** Milliseconds on a clock that all processes of this machine share. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
