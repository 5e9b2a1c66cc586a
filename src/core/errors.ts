/**
 * The one family of failures. A failure holds facts; `src/core/explain.ts` puts them into words. Anything thrown that
 * is not an `ActionError` is a bug of ours and stays one.
 */

/** What went wrong, closed: whoever switches over it is checked by the compiler. */
export type FailureKind =
  /** Arguments refused here; nothing was sent. */
  | 'input'
  /** A setting is missing or wrong. */
  | 'configuration'
  /** The grant, the cloud or the operator's settings do not open this action. */
  | 'not_available'
  /** The token endpoint refused the credentials or the scopes. */
  | 'sign_in'
  /** 401 even with a fresh token. */
  | 'unauthorized'
  | 'missing_scope'
  | 'forbidden'
  | 'not_found'
  /** It exists already, or is in use. */
  | 'conflict'
  /** Any other refusal of the request as it stands (4xx). */
  | 'rejected'
  | 'throttled'
  /** 5xx. */
  | 'upstream'
  /** No answer: DNS, connection, TLS, reset. */
  | 'network'
  | 'timeout'
  | 'cancelled'
  /** An answer that is not what the API sends: a login page, a redirect, broken or oversized JSON. */
  | 'unreadable'
  /** A file of ours could not be written. */
  | 'storage'
  /** A person has to approve the call first, or did not. `code` tells which. */
  | 'approval'
  /** It would shut out this server, the last administrator or the secret in use. */
  | 'lockout';

/**
 * Whether Databricks may have carried the request out: `no` when it never left or was refused, `maybe` when it left
 * and no complete answer came.
 */
export type Sent = 'no' | 'maybe';

export interface Failure {
  readonly kind: FailureKind;
  /** What happened, in a sentence of ours. Never holds text from Databricks. */
  readonly message: string;
  /** Databricks' error code, or ours for failures it did not answer, e.g. `WRONG_HOST_OR_LOGIN`. */
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  /** Databricks' own words, uncut and unscrubbed: to be shown through `quote` only. */
  readonly upstreamMessage?: string;
  /** What to do next, where the place that failed knows better than the kind does. */
  readonly next?: string;
  /** The same call may succeed later without any change. */
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly sent: Sent;
  /** Writes of unknown outcome: when the request was sent (ISO 8601), and the read that shows whether it took effect. */
  readonly sentAt?: string;
  readonly check?: { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** A create that collided: the id of the one object that is in the way, under its field's name. */
  readonly existing?: Readonly<Record<string, string>>;
  /** The scope Databricks or the grant asks for. */
  readonly scope?: string;
  /** A question that waits for a person outside the client: its id, until when, and what shows it. */
  readonly approval?: {
    readonly id: string;
    readonly expires_at: string;
    readonly command: string;
    readonly page?: string;
  };
}

export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

type Rest = Partial<Omit<Failure, 'kind' | 'message'>>;

/** An `ActionError` that was not sent and does not help to repeat, unless `rest` says otherwise. */
export function failed(kind: FailureKind, message: string, rest: Rest = {}, cause?: unknown): ActionError {
  const failure: Failure = { kind, message, retryable: false, sent: 'no', ...rest };
  return new ActionError(failure, cause === undefined ? undefined : { cause });
}

export const inputError = (message: string, next?: string) =>
  failed('input', message, next === undefined ? {} : { next });
