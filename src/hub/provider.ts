/**
 * Signing in with an identity provider: OpenID Connect's authorization code with PKCE, state and nonce. Whom it names is
 * let in only where the operator has named them, too. What is begun is kept by the browser, sealed; nothing here.
 */
import * as oauth from 'oauth4webapi';
import { isObject } from '../core/json.js';
import { flat } from '../core/visible.js';
import { createSealing } from '../guard/seal.js';
import type { IssuerHttp } from '../http/auth/issuer-http.js';
import { pathWithin } from './next-page.js';
import type { Operator } from './sessions.js';

export interface Provider {
  /** For people. */
  readonly name: string;
  /** Scheme and host that the provider sends browsers back to. */
  base(): string;
  /** `next`: the page to go to afterwards. `problem` is for the log. */
  begin(next: string): Promise<{ readonly to: string; readonly cookie: string } | { readonly problem: string }>;
  /** `told` is for the visitor. */
  end(
    url: URL,
    cookie: string,
  ): Promise<
    { readonly operator: Operator; readonly next: string } | { readonly problem: string; readonly told: string }
  >;
}

export interface ProviderParts {
  readonly issuer: URL;
  readonly clientId: string;
  /** Without it the client is a public one. */
  readonly clientSecret?: string | undefined;
  /** An e-mail address, or `sub:` and the provider's own id of a person. Nobody else gets in. */
  readonly operators: readonly string[];
  readonly base: () => string;
  readonly http: IssuerHttp;
  /** Milliseconds since 1970. */
  readonly date: () => number;
  /** 32 bytes of this process. */
  readonly key: Buffer;
}

/** Milliseconds a person may take at the provider, and that what it says of itself is kept. */
const patience = 600_000;

export function createProvider(parts: ProviderParts): Provider {
  const { issuer, clientId, clientSecret, base, date } = parts;
  const client: oauth.Client = { client_id: clientId };
  const authenticationAt = ({ token_endpoint_auth_methods_supported: ways }: oauth.AuthorizationServer) => {
    if (clientSecret === undefined) return oauth.None();
    const takesBasic = ways === undefined || ways.includes('client_secret_basic');
    return takesBasic ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret);
  };
  const sealing = createSealing(async () => parts.key);
  const options = {
    [oauth.customFetch]: fetchThrough(parts.http),
    // A provider on this machine alone, as the settings have checked.
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:',
  };
  const back = () => `${base()}/hub/sign-in/callback`;
  let known: { readonly server: oauth.AuthorizationServer; readonly at: number } | undefined;

  const discover = async (): Promise<oauth.AuthorizationServer> => {
    if (known !== undefined && date() - known.at < patience) return known.server;
    const answer = await oauth.discoveryRequest(issuer, options);
    known = { server: await oauth.processDiscoveryResponse(issuer, answer), at: date() };
    return known.server;
  };

  return {
    name: issuer.host,
    base,

    async begin(next) {
      try {
        const { authorization_endpoint: endpoint } = await discover();
        const to = new URL(endpoint ?? '');
        if (to.protocol !== issuer.protocol) return { problem: 'its sign-in page is not reached by TLS' };
        const [state, nonce, verifier] = [
          oauth.generateRandomState(),
          oauth.generateRandomNonce(),
          oauth.generateRandomCodeVerifier(),
        ];
        const sealed = await sealing.seal('sign-in', { state, nonce, verifier, next, at: date() });
        const query = {
          response_type: 'code',
          client_id: clientId,
          redirect_uri: back(),
          scope: 'openid email',
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        };
        for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value);
        return { to: to.href, cookie: Buffer.from(sealed).toString('base64url') };
      } catch (error) {
        return { problem: problemOf(error) };
      }
    },

    async end(url, cookie) {
      const begun = await sealing.unseal('sign-in', Buffer.from(cookie, 'base64url').toString());
      if (!isObject(begun) || !(date() - Number(begun.at) < patience)) {
        return {
          problem: 'not begun in this browser, or too long ago',
          told: 'This sign-in took too long. Begin again.',
        };
      }
      try {
        const server = await discover();
        const answered = oauth.validateAuthResponse(server, client, url, String(begun.state));
        const answer = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authenticationAt(server),
          answered,
          back(),
          String(begun.verifier),
          options,
        );
        const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
          expectedNonce: String(begun.nonce),
          requireIdToken: true,
        });
        // The token came by TLS from the provider itself; its signature is checked all the same.
        await oauth.validateApplicationLevelSignature(server, answer, options);
        const claims = oauth.getValidatedIdTokenClaims(tokens);
        if (claims === undefined) return { problem: 'no ID token', told: notConfirmed };
        const operator = operatorOf(claims, parts.operators);
        if (operator !== undefined) return { operator, next: pathWithin(String(begun.next)) };
        return {
          problem: `${nameOf(claims)} is no operator`,
          told: `You are ${nameOf(claims)} there, and that is none of this hub’s operators. Whoever runs it can add you.`,
        };
      } catch (error) {
        return { problem: problemOf(error), told: notConfirmed };
      }
    },
  };
}

const notConfirmed = 'The identity provider did not confirm who you are. Try again; the reason is in the server’s log.';

/** An address counts only where the provider has seen that it is theirs. */
const mailOf = ({ email, email_verified: isVerified }: oauth.IDToken): string | undefined =>
  typeof email === 'string' && isVerified === true ? email : undefined;

/** ASCII alone: among all letters others become these, such as the Kelvin sign a k, and belong to somebody else's address. */
const lowered = (address: string | undefined) => address?.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const nameOf = (claims: oauth.IDToken): string => flat(mailOf(claims) ?? claims.sub, 120);

function operatorOf(claims: oauth.IDToken, named: readonly string[]): Operator | undefined {
  const mail = lowered(mailOf(claims));
  const isNamed = named.some((each) =>
    each.startsWith('sub:') ? each.slice(4) === claims.sub : mail !== undefined && lowered(each) === mail,
  );
  // As MCP's callers with tokens of this issuer are called.
  return isNamed ? { id: `jwt:${claims.iss}#${claims.sub}`, name: nameOf(claims), isOwner: false } : undefined;
}

const fetchThrough =
  ({ ask }: IssuerHttp) =>
  (url: string, { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown }) =>
    ask(new URL(url), {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body !== undefined && body !== null && { body: String(body) }),
    });

/** What the library says in its own words; nothing the provider wrote but its error's name. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const named = 'error' in error && typeof error.error === 'string' ? ` (${flat(error.error, 60)})` : '';
  return `${error.message}${named}`;
}
