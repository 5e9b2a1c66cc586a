// What a token endpoint answers: a token of the account for a principal, or a refusal as RFC 6749 words it.

import type { Account } from './account.js';
import { jsonReply, type Reply } from './reply.js';
import { signToken, TOKEN_LIFETIME_SECONDS } from './tokens.js';

export function grantToken(account: Account, baseUrl: string, clientId: string, scope: string): Reply {
  const issuedAt = Math.floor(account.now() / 1000);
  const token = signToken({
    iss: `${baseUrl}/oidc/accounts/${account.id}`,
    sub: clientId,
    client_id: clientId,
    aud: account.id,
    scope,
    iat: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
    jti: account.ids.uuid(),
  });
  return tokenReply({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS, scope });
}

export function tokenReply(body: object): Reply {
  const reply = jsonReply(body);
  return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store' } };
}

export const refuse = (status: number, error: string, error_description: string, more: object = {}): Reply =>
  jsonReply({ error, error_description, ...more }, status);
