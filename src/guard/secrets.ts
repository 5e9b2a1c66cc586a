/**
 * What becomes of a minted secret: it goes to a sink that the operator chose at the start, and the caller gets a note of
 * where it is. The value itself travels back only with the sink made to return it.
 */
import { createHash } from 'node:crypto';
import { Disclosed } from '../core/disclosed.js';

interface Fingerprint {
  readonly length: number;
  /** First 8 hex digits of the value's SHA-256, to tell secrets apart. */
  readonly sha256_8: string;
}

/** In a file (its path) or with the operator's program ('command'). */
interface KeptSecret extends Fingerprint {
  readonly stored_in: string;
}

/** On a page that opens once. */
export interface PagedSecret extends Fingerprint {
  readonly stored_in: 'page';
  readonly url: string;
  readonly expires_at: string;
}

/** In the answer itself, because the operator wanted it so. To be journaled. */
export interface ReturnedSecret extends Fingerprint {
  readonly stored_in: 'answer';
  readonly value: Disclosed;
  readonly warning: string;
}

/** What the caller is told, field by field. */
export type StoredSecret = KeptSecret | PagedSecret | ReturnedSecret;

export interface SecretSink {
  /** Proves that a secret could be stored now. Throws a `storage` failure. */
  prepare(): Promise<void>;
  /**
   * `name` is for the person who looks for it; `facts` go with the value; `caller` made the call. Throws a `storage`
   * failure.
   */
  store(name: string, value: string, facts: Readonly<Record<string, unknown>>, caller?: string): Promise<StoredSecret>;
}

/** True for a secret whose value the caller sees. */
export const isReturned = (stored: StoredSecret): stored is ReturnedSecret => 'value' in stored;

export const fingerprint = (value: string): Fingerprint => ({
  length: value.length,
  sha256_8: createHash('sha256').update(value).digest('hex').slice(0, 8),
});

/** For --dangerously-return-secrets: keeps nothing, and the value goes into the answer, past the redactor, once. */
export function createReturnSink(): SecretSink {
  return {
    prepare: async () => {},
    store: async (_name, value) => ({
      stored_in: 'answer',
      value: new Disclosed(value),
      warning:
        'The secret is part of this conversation now, and it is kept nowhere else. Store it, and replace it soon.',
      ...fingerprint(value),
    }),
  };
}
