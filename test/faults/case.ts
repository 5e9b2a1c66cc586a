/** What a row of the fault table is. The rows say what is done to a call and how it has to end; `run.ts` does it. */
import type { FaultRule } from '../../src/sandbox/index.js';
import type { Subject } from './subjects.js';

/** A write ends in an outcome; a read is answered or fails. */
export type Ending = 'applied' | 'not_applied' | 'unknown' | 'answered' | 'failed';

export interface Expected {
  readonly ends: Ending;
  /** Changes the account really made. */
  readonly effects: number;
  /** Requests of the call itself, at most: those of the write, or for a read all of them. Looking around is not counted. */
  readonly sends: number;
  /** Reads before a write is sent, exactly: a fault with an `offset` is aimed past them. */
  readonly looks?: number;
  /** Requests to the token endpoint, at most. */
  readonly signIns?: number;
  /** Kind or code of the error. */
  readonly why?: string;
  readonly retryAfter?: number;
  /** Milliseconds. */
  readonly within?: number;
}

export interface FaultCase {
  /** The fault, as a person would say it. */
  readonly name: string;
  readonly scenarios: readonly string[];
  readonly subject: Subject;
  readonly faults?: readonly FaultRule[];
  /** The account cannot be reached: by its name, or not before a moment has passed. */
  readonly outage?: 'unknown host' | 'starts late';
  readonly expected: Expected;
}

/** Stands for a second local server in a `location`; whoever connects to it is counted. */
export const elsewhere = 'http://elsewhere.test';

/** Shared by all rows: the part of the account's requests that a fault meets. */
export const writes = { POST: 'POST /api/*', PUT: 'PUT /api/*', DELETE: 'DELETE /api/*' } as const;
export const reads = 'GET /api/*';
export const signIn = 'POST /oidc/*';
