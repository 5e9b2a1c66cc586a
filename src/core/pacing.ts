/**
 * How fast requests may leave for an account: a token bucket that all calls share, which slows down when Databricks
 * throttles and recovers while it does not. Pure: the caller brings the clock and does the waiting.
 */

export interface PacingPolicy {
  /** Requests a second while nothing is wrong. */
  readonly rate: number;
  /** Requests that may leave at once after a pause. */
  readonly burst: number;
  /** The rate never falls below this. */
  readonly floor: number;
}

export const defaultPacing: PacingPolicy = { rate: 10, burst: 20, floor: 0.5 };

export interface Pacing {
  /** Takes a place in the queue; the milliseconds until it comes. */
  reserve(now: number): number;
  /** Gives back a place taken by a caller that gave up waiting. */
  release(): void;
  /** Databricks answered 429 (or said the same another way). */
  throttled(now: number): void;
  succeeded(): void;
  /** Requests a second at present. */
  readonly rate: number;
}

/** After a throttle answers to requests already under way say nothing new; they do not slow down further. */
const onceEvery = 1_000;

export function createPacing(policy: PacingPolicy = defaultPacing): Pacing {
  let rate = policy.rate;
  let tokens = policy.burst;
  let at: number | undefined;
  let lastThrottle = Number.NEGATIVE_INFINITY;

  const refill = (now: number) => {
    const since = at === undefined ? 0 : Math.max(0, now - at);
    at = now;
    tokens = Math.min(policy.burst, tokens + (since / 1_000) * rate);
  };

  return {
    reserve(now) {
      refill(now);
      tokens -= 1;
      return tokens >= 0 ? 0 : Math.ceil((-tokens / rate) * 1_000);
    },
    release() {
      tokens += 1;
    },
    throttled(now) {
      if (now - lastThrottle < onceEvery) return;
      refill(now);
      lastThrottle = now;
      rate = Math.max(policy.floor, rate / 2);
      tokens = Math.min(tokens, 0);
    },
    succeeded() {
      rate = Math.min(policy.rate, rate + policy.rate / 100);
    },
    get rate() {
      return rate;
    },
  };
}
