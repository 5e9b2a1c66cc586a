/**
 * Stops a caller that repeats the same failing call over and over: after some identical failures the call is answered
 * from memory for a while. Pure: the caller brings the clock.
 */
import type { Failure } from './errors.js';

export interface Circuit {
  /** The remembered failure and the seconds it still stands, when this call is to be answered from memory. */
  check(call: string, now: number): { readonly failure: Failure; readonly seconds: number } | undefined;
  failed(call: string, failure: Failure, now: number): void;
  succeeded(call: string): void;
}

const allowed = 5;
const pause = 30_000;
/** Calls remembered; the one that has not failed for longest is forgotten first. */
const capacity = 500;

interface Streak {
  readonly failure: Failure;
  readonly count: number;
  readonly until: number;
}

export function createCircuit(): Circuit {
  const streaks = new Map<string, Streak>();
  return {
    check(call, now) {
      const streak = streaks.get(call);
      if (streak === undefined || streak.count < allowed) return undefined;
      if (now < streak.until) return { failure: streak.failure, seconds: Math.ceil((streak.until - now) / 1_000) };
      // One call may find out whether it is still so; if it fails, the pause starts anew.
      streaks.set(call, { ...streak, count: allowed - 1 });
      return undefined;
    },
    failed(call, failure, now) {
      const before = streaks.get(call);
      const same = before?.failure.kind === failure.kind && before.failure.code === failure.code;
      streaks.delete(call);
      streaks.set(call, { failure, count: same ? before.count + 1 : 1, until: now + pause });
      for (const oldest of streaks.keys()) {
        if (streaks.size <= capacity) break;
        streaks.delete(oldest);
      }
    },
    succeeded(call) {
      streaks.delete(call);
    },
  };
}
