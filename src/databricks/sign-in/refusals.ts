/** Reads what a token endpoint answers when it gives no token. Pure. */
import { type ActionError, type Failure, failed } from '../../core/errors.js';
import { upstreamError } from '../../core/upstream-errors.js';
import type { Connection } from '../config.js';
import type { HttpAnswer } from '../http.js';
import { strangeAnswer } from '../strange-answers.js';

type Who = Pick<Connection, 'accountId' | 'clientId' | 'scopes'>;
type Said = { readonly code?: string | undefined; readonly upstreamMessage?: string | undefined };

/** The endpoint's words, to be searched. */
export const wordsOf = ({ code, upstreamMessage }: Said) => `${code ?? ''} ${upstreamMessage ?? ''}`;

/** The credentials are good, but not bound to the scopes asked for. */
export const lacksScopes = (failure: Said): boolean =>
  /not assigned to the client|invalid_scope/i.test(wordsOf(failure));

/** The id or the secret is wrong, over or switched off, at Databricks or at Entra. */
export const refusesSecret = (failure: Said & { readonly status?: number | undefined }): boolean =>
  failure.status === 401 || /invalid_client|^AADSTS(7000215|7000222|700016|7000112)\b/i.test(wordsOf(failure).trim());

/** What every refusal tells. */
export function refusalFacts(answer: HttpAnswer, retryAfter: number | undefined) {
  const { failure } = upstreamError({ ...answer, body: answer.text, now: 0 });
  const { code, upstreamMessage, requestId } = failure;
  return {
    status: answer.status,
    ...(code !== undefined && { code }),
    ...(upstreamMessage !== undefined && { upstreamMessage }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  } satisfies Partial<Failure>;
}

/** The failure where nobody has judged the credentials: no token endpoint at all, or a busy one. */
export function undecided(answer: HttpAnswer, retryAfter: number | undefined): ActionError | undefined {
  const strange = strangeAnswer(answer);
  if (strange !== undefined) return strange;
  const facts = refusalFacts(answer, retryAfter);
  if (answer.status !== 429 && answer.status < 500 && !/throttled/i.test(wordsOf(facts))) return undefined;
  return failed('sign_in', 'The token endpoint is busy.', { ...facts, retryable: true, next: 'Call again later.' });
}

export function signInError(answer: HttpAnswer, who: Who, retryAfter: number | undefined): ActionError {
  const open = undecided(answer, retryAfter);
  if (open !== undefined) return open;
  const facts = refusalFacts(answer, retryAfter);
  if (lacksScopes(facts)) {
    return failed('sign_in', `The secret is not bound to the scopes asked for (${who.scopes.join(' ')}).`, {
      ...facts,
      next: 'Set --scopes or DATABRICKS_SCOPES to scopes the secret has, or make a secret bound to these.',
    });
  }
  const isRefused = /invalid_client|unauthorized_client|authentication failed/i.test(wordsOf(facts));
  if (isRefused || answer.status === 401) {
    const message =
      'Sign-in was refused: wrong client id, secret or account id, or the service principal or its secret was deleted, ' +
      'deactivated or has expired.';
    return failed('sign_in', message, {
      ...facts,
      next: 'Check the client id (the application id, a UUID), the secret and the account id.',
    });
  }
  return failed('sign_in', 'The token endpoint refused to sign in.', facts);
}
