/** Reads what the token endpoint answers when it gives no token. Pure. */
import { type ActionError, type Failure, failed } from '../core/errors.js';
import { upstreamError } from '../core/upstream-errors.js';
import type { Connection } from './config.js';
import type { HttpAnswer } from './http.js';
import { strangeAnswer } from './strange-answers.js';

type Who = Pick<Connection, 'accountId' | 'clientId' | 'scopes'>;

const wordsOf = ({ code, upstreamMessage }: Pick<Failure, 'code' | 'upstreamMessage'>) =>
  `${code ?? ''} ${upstreamMessage ?? ''}`;

/** The credentials are good, but not bound to the scopes asked for. */
export const lacksScopes = (failure: Pick<Failure, 'code' | 'upstreamMessage'>): boolean =>
  /not assigned to the client|invalid_scope/i.test(wordsOf(failure));

export function signInError(answer: HttpAnswer, who: Who, retryAfter: number | undefined): ActionError {
  const strange = strangeAnswer(answer);
  if (strange !== undefined) return strange;
  const { failure } = upstreamError({ ...answer, body: answer.text, now: 0 });
  const facts = {
    status: answer.status,
    ...(failure.code !== undefined && { code: failure.code }),
    ...(failure.upstreamMessage !== undefined && { upstreamMessage: failure.upstreamMessage }),
    ...(failure.requestId !== undefined && { requestId: failure.requestId }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  };
  const said = wordsOf(failure);
  if (answer.status === 429 || answer.status >= 500 || /throttled/i.test(said)) {
    return failed('sign_in', 'The token endpoint is busy.', { ...facts, retryable: true, next: 'Call again later.' });
  }
  if (lacksScopes(failure)) {
    return failed('sign_in', `The secret is not bound to the scopes asked for (${who.scopes.join(' ')}).`, {
      ...facts,
      next: 'Set --scopes or DATABRICKS_SCOPES to scopes the secret has, or make a secret bound to these.',
    });
  }
  if (/invalid_client|unauthorized_client|authentication failed/i.test(said) || answer.status === 401) {
    const message =
      'Sign-in was refused: wrong client id, secret or account id, or the service principal or its secret was deleted, ' +
      'deactivated or has expired.';
    return failed('sign_in', message, {
      ...facts,
      next: 'Check DATABRICKS_CLIENT_ID (the application id, a UUID), the secret and DATABRICKS_ACCOUNT_ID.',
    });
  }
  return failed('sign_in', 'The token endpoint refused to sign in.', facts);
}
