// The well-known documents official SDKs read before they sign in. Serves only what the reference records about them.

import type { Account } from './account.js';
import { jsonReply, type Reply } from './reply.js';

const DOCUMENTS = ['oauth-authorization-server', 'openid-configuration'];

export function answerDiscovery(account: Account, baseUrl: string, path: string): Reply | undefined {
  if (path === '/.well-known/databricks-config') return jsonReply(hostMetadata(account, baseUrl));
  const match = /^(\/oidc(?:\/accounts\/([^/]+))?)\/\.well-known\/([^/]+)$/.exec(path);
  if (!match || !DOCUMENTS.includes(match[3] ?? '')) return undefined;
  return jsonReply(issuerMetadata(`${baseUrl}${match[1]}`));
}

function hostMetadata(account: Account, baseUrl: string) {
  return {
    // The braces are literal: SDKs put their configured account id there.
    oidc_endpoint: `${baseUrl}/oidc/accounts/{account_id}`,
    cloud: account.cloud.toUpperCase(),
    host_type: 'account',
    token_federation_default_oidc_audiences: [account.id],
  };
}

function issuerMetadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/v1/authorize`,
    token_endpoint: `${issuer}/v1/token`,
    jwks_uri: `${issuer}/jwks.json`,
    response_types_supported: ['code'],
    grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    // As captured: the fine scopes (scim, billing and so on) exist but cannot be discovered.
    scopes_supported: ['all-apis', 'email', 'offline_access', 'openid', 'profile', 'sql'],
  };
}
