/** Many calls, so many at once, and what they cost the server. */
import { type Door, type Message, resultOf } from './doors/door.js';
import { median } from './numbers.js';
import { cpuOf } from './processes.js';

export interface Load {
  readonly calls: number;
  readonly inFlight: number;
}

export interface Burst {
  /** Milliseconds of one call. */
  readonly p50: number;
  readonly perSecond: number;
  /** Microseconds of the server's CPU for one call. */
  readonly cpu: number;
}

/** Runs them at any server; a failure ends the bench. */
export async function burst(door: Door, params: object, { calls, inFlight }: Load): Promise<Burst> {
  let left = calls;
  const times: number[] = [];
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      const answer: Message = await door.request('tools/call', params);
      times.push(performance.now() - began);
      resultOf(answer);
    }
  };
  const cpu = cpuOf(door.pid);
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const ms = performance.now() - began;
  return { p50: median(times), perSecond: (calls * 1e3) / ms, cpu: (cpuOf(door.pid) - cpu) / calls };
}
