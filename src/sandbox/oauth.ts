// The token endpoint: client credentials, the secret in the header or in the form, and token exchange. Errors as RFC 6749 words them.

import { activePrincipal } from './access.js';
import type { Account } from './account.js';
import { liveSecrets } from './areas/secrets.js';
import { exchangeToken, TOKEN_EXCHANGE } from './federation.js';
import type { Secret } from './records.js';
import { type Inbound, jsonReply, type Reply } from './reply.js';
import { grantToken, refuse } from './token-reply.js';

interface Client {
  readonly id: string;
  readonly secret: string;
}

/** `accountId` is the one of the path; the sign-in of another account fails like a wrong secret. */
export function answerToken(account: Account, baseUrl: string, accountId: string, inbound: Inbound): Reply {
  if (!/^application\/x-www-form-urlencoded\b/i.test(inbound.headers['content-type'] ?? '')) {
    return refuse(400, 'invalid_request', 'Content-Type must be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(inbound.body);
  const grant = form.get('grant_type');
  if (grant === null) return refuse(400, 'invalid_request', "Missing parameter 'grant_type'");
  if (grant === TOKEN_EXCHANGE) return exchangeToken(account, baseUrl, accountId, form);
  const client = clientOf(inbound.headers.authorization, form);
  if (!client) return refuse(401, 'invalid_client', 'Client authentication failed');
  if (grant !== 'client_credentials') return refuse(400, 'unsupported_grant_type', `Unsupported grant type '${grant}'`);

  const secret = accountId === account.id ? secretOf(account, client) : undefined;
  if (!secret) return refuse(401, 'invalid_client', 'Client authentication failed');

  const asked = (form.get('scope') ?? '').split(' ').filter(Boolean);
  const lacking = asked.filter((scope) => !covers(secret, scope));
  if (lacking.length > 0) {
    const description = `Scopes '${lacking.join(' ')}' are not assigned to the client ${client.id}`;
    return jsonReply({ error: 'access_denied', request_id: account.ids.uuid(), error_description: description }, 403);
  }
  const fallback = secret.scopes.length > 0 ? secret.scopes : ['all-apis'];
  return grantToken(account, baseUrl, client.id, [...new Set(asked.length > 0 ? asked : fallback)].join(' '));
}

function clientOf(authorization: string | undefined, form: URLSearchParams): Client | undefined {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id, ...secret] = Buffer.from(basic, 'base64').toString().split(':');
    return id ? { id, secret: secret.join(':') } : undefined;
  }
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  return id && secret ? { id, secret } : undefined;
}

function secretOf(account: Account, client: Client): Secret | undefined {
  const principal = activePrincipal(account, client.id);
  return principal && liveSecrets(account, principal).find(({ value }) => value === client.secret);
}

function covers({ scopes }: Secret, asked: string): boolean {
  if (scopes.length === 0 || scopes.includes('all-apis')) return true;
  return scopes.includes(asked) || scopes.includes(asked.replace(/:read$/, ''));
}
