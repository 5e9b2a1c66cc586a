/** What a caller hands to an action and what it gets back; shared by the executor and its parts. */
import type { Outcome } from '../tools/action.js';

/** A call ends within this many milliseconds: MCP clients give up after 60 s. Downloads have an idle limit instead. */
export const callTime = 55_000;

export interface Result extends Outcome {
  /** Writes only: Databricks confirmed the change. A failed write tells by its failure's `sent`. */
  readonly outcome?: 'applied';
  /** `data` is a whole envelope in the unified model (`{data, next, raw?}`), not the data alone. */
  readonly enveloped?: true;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Told how far a long call is: units done, units in all where known, and what they are. */
  readonly progress?: (done: number, total: number | undefined, unit: string) => void;
}
