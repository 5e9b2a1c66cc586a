// Microsoft Entra's token endpoint (v2), as far as a service principal of an Azure account needs it: client credentials for the
// application Azure Databricks. Its tokens have no scopes of Databricks.

import type { Account } from './account.js';
import type { Inbound, Reply } from './reply.js';
import { CLIENT_ID, ENTRA_SECRET, TENANT_ID } from './seed/identity.js';
import { refuse, tokenReply } from './token-reply.js';
import { type Claims, signClaims, TOKEN_LIFETIME_SECONDS } from './tokens.js';

const DATABRICKS = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
const PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;

export function answerEntra(account: Account, inbound: Inbound): Reply | undefined {
  const tenant = PATH.exec(inbound.path)?.[1];
  if (tenant === undefined || inbound.method !== 'POST' || account.cloud !== 'azure') return undefined;
  const form = new URLSearchParams(inbound.body);
  const clientId = form.get('client_id');
  if (tenant !== TENANT_ID) return aadsts(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
  if (form.get('grant_type') !== 'client_credentials') {
    return aadsts(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  if (form.get('scope') !== `${DATABRICKS}/.default`) {
    return aadsts(
      400,
      'invalid_scope',
      1002012,
      'The provided value for scope is not valid. It must end with /.default.',
    );
  }
  if (clientId !== CLIENT_ID) {
    return aadsts(400, 'unauthorized_client', 700016, `Application '${clientId}' was not found in the directory.`);
  }
  if (form.get('client_secret') !== ENTRA_SECRET) {
    return aadsts(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  }
  const issuedAt = Math.floor(account.now() / 1000);
  const token = signClaims({
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    aud: DATABRICKS,
    appid: clientId,
    tid: TENANT_ID,
    iat: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
    jti: account.ids.uuid(),
  });
  const expires_in = TOKEN_LIFETIME_SECONDS - 1;
  return tokenReply({ token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token: token });
}

/** A token of Entra's as the account takes it: it opens everything the principal may do. */
export function asAccountClaims(account: Account, claims: Readonly<Record<string, unknown>>): Claims | undefined {
  if (account.cloud !== 'azure' || claims.aud !== DATABRICKS || claims.tid !== TENANT_ID) return undefined;
  const { iss, iat, exp, jti, appid } = claims as Readonly<Record<string, never>>;
  if (appid === undefined || iss === undefined || iat === undefined || exp === undefined || jti === undefined)
    return undefined;
  return { iss, iat, exp, jti, sub: appid, client_id: appid, aud: account.id, scope: 'all-apis' };
}

function aadsts(status: number, error: string, code: number, what: string): Reply {
  const trace = 'Trace ID: 00000000-0000-0000-0000-000000000000';
  return refuse(status, error, `AADSTS${code}: ${what} ${trace}`, { error_codes: [code] });
}
