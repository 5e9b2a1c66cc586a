// Token federation: a JWT of a workload's identity provider is exchanged for a token of the account, where a federation policy of
// the service principal takes it. Also that provider: it issues such JWTs for tests.

import { activePrincipal } from './access.js';
import type { Account } from './account.js';
import type { IdentityClaims } from './contract.js';
import type { Reply } from './reply.js';
import { CLIENT_ID, IDENTITY_ISSUER, IDENTITY_SUBJECT } from './seed/identity.js';
import { grantToken, refuse } from './token-reply.js';
import { signClaims, verifyClaims } from './tokens.js';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

/** RFC 8693 2.2.2: a token that is invalid, or that no policy takes, is an invalid request. */
const unacceptable = (why: string) => refuse(400, 'invalid_request', why);

export function exchangeToken(account: Account, baseUrl: string, accountId: string, form: URLSearchParams): Reply {
  const token = form.get('subject_token');
  if (!token) return unacceptable("Missing parameter 'subject_token'");
  if (form.get('subject_token_type') !== JWT_TYPE) return unacceptable(`'subject_token_type' must be ${JWT_TYPE}`);
  const claims = verifyClaims(token);
  if (!claims) return unacceptable('The subject token is not a valid JWT');
  if (Number(claims.exp ?? 0) * 1000 <= account.now()) return unacceptable('The subject token has expired');

  // The only policy is one of the built-in principal; there is none for the whole account.
  const clientId = form.get('client_id') ?? '';
  const principal = accountId === account.id && clientId === CLIENT_ID ? activePrincipal(account, clientId) : undefined;
  if (!principal || claims.iss !== IDENTITY_ISSUER || claims.sub !== IDENTITY_SUBJECT) {
    return unacceptable('No federation policy matches the issuer and subject of the token');
  }
  const audiences = [claims.aud].flat();
  if (!audiences.includes(account.id))
    return unacceptable('The audience of the token is not one of the federation policy');
  const asked = (form.get('scope') ?? '').split(' ').filter(Boolean);
  return grantToken(account, baseUrl, clientId, asked.length > 0 ? [...new Set(asked)].join(' ') : 'all-apis');
}

export function issueIdentity(account: Account, given: IdentityClaims): string {
  const issuedAt = Math.floor(account.now() / 1000);
  return signClaims({
    iss: given.issuer ?? IDENTITY_ISSUER,
    sub: given.subject ?? IDENTITY_SUBJECT,
    aud: given.audience ?? account.id,
    iat: issuedAt,
    exp: issuedAt + (given.expiresIn ?? 600),
    jti: account.ids.uuid(),
  });
}
