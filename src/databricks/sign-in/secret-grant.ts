/** oauth-m2m: OAuth 2.0 client credentials at the account's token endpoint. Pure. */
import type { Connection } from '../config.js';
import type { Grant } from './grant.js';
import { signInError } from './refusals.js';

type Account = Pick<Connection, 'accountId' | 'clientId' | 'scopes'>;

export function secretGrant(account: Account, secret: string): Grant {
  const basic = Buffer.from(`${formEncode(account.clientId)}:${formEncode(secret)}`).toString('base64');
  return {
    credential: secret,
    secrets: [secret, basic],
    request: formRequest(
      tokenPath(account.accountId),
      { grant_type: 'client_credentials', scope: account.scopes.join(' ') },
      { authorization: `Basic ${basic}` },
    ),
    refusal: (answer, retryAfter) => signInError(answer, account, retryAfter),
  };
}

export const tokenPath = (accountId: string) => `/oidc/accounts/${encodeURIComponent(accountId)}/v1/token`;

export const formRequest = (
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) => ({
  method: 'POST' as const,
  path,
  headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(form).toString(),
});

/** RFC 6749 2.3.1: id and secret are form-encoded before they are joined. */
const formEncode = (text: string) => new URLSearchParams({ v: text }).toString().slice(2);
