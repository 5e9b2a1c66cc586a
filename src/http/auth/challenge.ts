/** The refusals of RFC 6750 with RFC 9728's pointer to where a token can be had. Pure. */
import type { CallerScope } from '../caller.js';
import { type Refusal, refusal } from '../refusal.js';

export type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

export interface ChallengeParts {
  readonly error?: BearerError;
  /** Ours alone: nothing from the request may stand in a header. */
  readonly description?: string;
  readonly scope?: CallerScope;
  /** Address of the metadata document, where there is one. */
  readonly metadata: string | undefined;
}

export function challenge({ error, description, scope, metadata }: ChallengeParts): string {
  const fields = [
    ['realm', 'databricks-actions-mcp'],
    ['error', error],
    ['error_description', description],
    ['scope', scope],
    ['resource_metadata', metadata],
  ].filter((field): field is [string, string] => field[1] !== undefined);
  return `Bearer ${fields.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

const unauthorized = (message: string, parts: ChallengeParts): Refusal =>
  refusal(401, parts.error ?? 'no_token', message, { headers: { 'www-authenticate': challenge(parts) } });

/** Nothing was sent: by RFC 6750 such a challenge names no error. */
export const tokenMissing = (metadata: string | undefined): Refusal =>
  unauthorized('A bearer token is required: Authorization: Bearer <token>.', { scope: 'dbx:read', metadata });

/** 401 here too, not RFC 6750's 400: whoever sends two is no more known than whoever sends none. */
export const tokenMalformed = (metadata: string | undefined): Refusal =>
  unauthorized('Send one Authorization header: Bearer, a space, the token.', {
    error: 'invalid_request',
    description: 'one Authorization header with one bearer token',
    metadata,
  });

/** One answer for every token that is not accepted: why would help whoever guesses. It is in the log. */
export const tokenRefused = (metadata: string | undefined): Refusal =>
  unauthorized('The token is not accepted. Get a new one and try again.', {
    error: 'invalid_token',
    description: 'unknown, expired or not for this server',
    metadata,
  });

export const scopeMissing = (scope: CallerScope, metadata: string | undefined): Refusal =>
  refusal(403, 'insufficient_scope', `This token lacks the scope ${scope}. Ask its issuer for it, then try again.`, {
    headers: { 'www-authenticate': challenge({ error: 'insufficient_scope', scope, metadata }) },
  });

/** No fault of the caller: the keys that prove its token cannot be had right now. */
export const keysUnavailable = (): Refusal =>
  refusal(503, 'keys_unavailable', 'The keys of the token issuer cannot be read right now. Try again later.', {
    headers: { 'retry-after': '60' },
  });
