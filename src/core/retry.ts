/** Whether and when a request is sent again. Pure arithmetic: the caller brings the clock and the dice. */
import type { Effect } from '../../tools/action.js';
import type { Failure } from './errors.js';

export interface RetryPolicy {
  /** Sends per call, the first included. */
  readonly attempts: number;
  /** Milliseconds: the backoff's first step and its ceiling. */
  readonly baseDelay: number;
  readonly maxDelay: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 3, baseDelay: 200, maxDelay: 5_000 };

export interface Attempt {
  /** Sends made so far, at least 1. */
  readonly sends: number;
  readonly effect: Effect;
  readonly failure: Failure;
  /** Milliseconds left until the call has to end. */
  readonly remaining: number;
  /** From 0 to 1. */
  readonly dice: number;
}

export type RetryDecision = { readonly again: true; readonly delay: number } | { readonly again: false };

const no: RetryDecision = { again: false };

/**
 * A request is repeated when repeating cannot do harm: it provably was not carried out (never sent, or throttled with
 * 429), or it only reads. The wait is what Databricks asks for, but never less than the backoff; where it does not
 * fit into the time left, the caller is told to come back.
 */
export function decideRetry(attempt: Attempt, policy: RetryPolicy = defaultRetryPolicy): RetryDecision {
  const { failure, effect, sends, remaining } = attempt;
  if (!failure.retryable || sends >= policy.attempts) return no;
  if (effect !== 'read' && failure.sent === 'maybe') return no;
  const delay = Math.max(backoff(attempt, policy), (failure.retryAfterSeconds ?? 0) * 1_000);
  return delay < remaining ? { again: true, delay } : no;
}

/** Full jitter, but never less than half a step: a crowd spreads out and nobody spins. */
function backoff({ sends, dice }: Attempt, { baseDelay, maxDelay }: RetryPolicy): number {
  const step = Math.min(maxDelay, baseDelay * 2 ** (sends - 1));
  return step / 2 + (step / 2) * dice;
}

/** As long as forever: RFC 9111 1.2.2 has numbers too large to hold count as this one. */
const longest = 2 ** 31;

/**
 * `Retry-After` as seconds: a number of seconds or an HTTP date (RFC 9110 10.2.3). Undefined where it is absent or
 * makes no sense (negative, not a number); a date in the past is 0.
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), longest);
  if (!/^[A-Za-z]{3,9}, /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}
