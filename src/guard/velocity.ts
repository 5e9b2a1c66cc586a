/** The operator's limit of risky calls, and how a call over it is told. Pure. */
import type { Risk } from '../../tools/action.js';
import { type ActionError, failed } from '../core/errors.js';

/** At most so many intents of these risks in so many minutes, of all processes together. */
export interface VelocityLimit {
  readonly risks: readonly Risk[];
  readonly calls: number;
  readonly minutes: number;
}

/** The limits as replicas share them, each of which has a journal of its own. */
export interface SharedVelocity {
  /** Throws where the limit is used up, and where that cannot be found out. */
  check(limit: VelocityLimit): Promise<void>;
  /**
   * Takes a place, in the same step in which it finds that there is one; without a limit always. Returns what gives it
   * back, for a call that ends before it is recorded.
   */
  take(risk: Risk, limit?: VelocityLimit): Promise<() => Promise<void>>;
}

/** Whether calls of this risk are counted. */
export const isCounted = (risk: Risk): risk is 'destructive' | 'secret' => risk === 'destructive' || risk === 'secret';

/** The refusal of one more call, where `taken` (newest last) has used the limit up. Times are epoch milliseconds. */
export function overLimit(
  { risks, calls, minutes }: VelocityLimit,
  taken: readonly { readonly time: number }[],
  now: number,
): ActionError | undefined {
  if (taken.length < calls) return undefined;
  const freed = taken[taken.length - calls]?.time;
  const wait = freed === undefined ? undefined : Math.max(1, Math.ceil((freed + minutes * 60_000 - now) / 1_000));
  return failed(
    'throttled',
    `Nothing was sent: the operator's limit of ${calls} ${risks.join(' or ')} calls in ${minutes} min is used up.`,
    { code: 'VELOCITY', retryable: wait !== undefined, ...(wait !== undefined && { retryAfterSeconds: wait }) },
  );
}
