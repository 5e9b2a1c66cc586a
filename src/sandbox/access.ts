// May this request call this route? Token, then scope, then account admin, each with the documented refusal.

import { type Account, isAccountAdmin } from './account.js';
import { asAccountClaims } from './entra.js';
import { Refusal } from './errors.js';
import type { ServicePrincipal } from './records.js';
import type { Inbound } from './reply.js';
import type { Route } from './router.js';
import { type Claims, verifyClaims } from './tokens.js';

export function admit(account: Account, route: Route, inbound: Inbound, pathAccountId: string): ServicePrincipal {
  const claims = authenticate(account, inbound.headers.authorization);
  if (claims.aud !== account.id || pathAccountId !== account.id) {
    throw new Refusal(403, 'PERMISSION_DENIED', `The token is not valid for account ${pathAccountId}.`);
  }
  const caller = activePrincipal(account, claims.sub);
  if (!caller) throw unauthenticated('The principal of this token does not exist or is inactive.');
  if (!opens(claims.scope.split(' '), route)) {
    const message = `Provided OAuth token does not have required scopes: ${route.scopes[0]}`;
    throw new Refusal(403, 'PERMISSION_DENIED', message);
  }
  if (!isAccountAdmin(account, caller.id)) {
    const message =
      'This API is disabled for users without account admin status. Contact your administrator for more information.';
    throw new Refusal(403, 'PERMISSION_DENIED', message);
  }
  return caller;
}

export function activePrincipal(account: Account, applicationId: string): ServicePrincipal | undefined {
  return [...account.servicePrincipals.values()].find((one) => one.active && one.applicationId === applicationId);
}

function authenticate(account: Account, authorization: string | undefined): Claims {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('Credential was not sent or was of an unsupported type for this API.');
  const verified = verifyClaims(token);
  const claims = verified && claimsFor(account, verified);
  if (!claims) throw unauthenticated('Invalid access token.');
  if (claims.exp * 1000 <= account.now()) throw unauthenticated('Access token expired.');
  return claims;
}

/** A token of the account's own, or one of Entra's; an identity token signs nothing in by itself. */
function claimsFor(account: Account, claims: Readonly<Record<string, unknown>>): Claims | undefined {
  const isOwn = typeof claims.scope === 'string' && typeof claims.client_id === 'string';
  return isOwn ? (claims as unknown as Claims) : asAccountClaims(account, claims);
}

/** `<scope>:read` opens what only reads. */
function opens(granted: readonly string[], { scopes, method }: Route): boolean {
  if (granted.includes('all-apis')) return true;
  return scopes.some((scope) => granted.includes(scope) || (method === 'GET' && granted.includes(`${scope}:read`)));
}

const unauthenticated = (message: string) => new Refusal(401, 'UNAUTHENTICATED', message);
