/**
 * How much one caller may ask for: messages a second by a token bucket, calls and streams at the same time. Kept in
 * memory; a store that several processes share implements the same interface.
 */

export interface Throttle {
  /** Takes `messages` from the caller's bucket and one place of this kind, or nothing at all. */
  enter(caller: string, messages: number, kind: 'call' | 'stream' | 'none'): Promise<Admission>;
}

export type Admission =
  | { readonly leave: () => void }
  | { readonly refused: 'rate' | 'calls' | 'streams'; readonly retryAfterSeconds: number };

export interface ThrottleLimits {
  readonly rate: number;
  readonly burst: number;
  readonly calls: number;
  readonly streams: number;
}

interface Usage {
  tokens: number;
  at: number;
  call: number;
  stream: number;
  none: number;
}

/** `now`: milliseconds of a clock that never goes back. */
export function createThrottle({ rate, burst, calls, streams }: ThrottleLimits, now: () => number): Throttle {
  const callers = new Map<string, Usage>();
  const most = { call: calls, stream: streams, none: Number.POSITIVE_INFINITY };
  let sweptAt = now();

  const refill = (usage: Usage) => {
    const time = now();
    usage.tokens = Math.min(burst, usage.tokens + (Math.max(0, time - usage.at) / 1_000) * rate);
    usage.at = time;
  };

  /** Who has a full bucket and nothing open is as good as unknown. */
  const sweep = () => {
    if (now() - sweptAt < 60_000) return;
    sweptAt = now();
    for (const [caller, usage] of callers) {
      refill(usage);
      if (usage.tokens >= burst && usage.call === 0 && usage.stream === 0) callers.delete(caller);
    }
  };

  return {
    async enter(caller, messages, kind) {
      sweep();
      const usage = callers.get(caller) ?? { tokens: burst, at: now(), call: 0, stream: 0, none: 0 };
      callers.set(caller, usage);
      refill(usage);
      if (usage[kind] >= most[kind]) return { refused: kind === 'call' ? 'calls' : 'streams', retryAfterSeconds: 1 };
      // What is left over from adding fractions of tokens must not cost a whole one.
      if (usage.tokens + 1e-9 < messages) {
        return { refused: 'rate', retryAfterSeconds: Math.max(1, Math.ceil((messages - usage.tokens) / rate)) };
      }
      usage.tokens -= messages;
      usage[kind] += 1;
      let isOpen = true;
      return {
        leave() {
          if (isOpen) usage[kind] -= 1;
          isOpen = false;
        },
      };
    },
  };
}
