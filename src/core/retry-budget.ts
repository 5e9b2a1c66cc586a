/**
 * Bounds what retries may add to the load: they are paid from a purse that successes fill slowly. In a total outage the
 * purse is soon empty, and every call is sent once and fails fast. Pure.
 */
import type { FailureKind } from './errors.js';

export interface RetryBudget {
  /** Pays for one retry; false when there is nothing left to pay with. */
  spend(after: FailureKind): boolean;
  succeeded(): void;
}

const capacity = 100;
const price = { throttled: 5, other: 10 };

export function createRetryBudget(): RetryBudget {
  let purse = capacity;
  return {
    spend(after) {
      const cost = after === 'throttled' ? price.throttled : price.other;
      if (purse < cost) return false;
      purse -= cost;
      return true;
    },
    succeeded() {
      purse = Math.min(capacity, purse + 1);
    },
  };
}
