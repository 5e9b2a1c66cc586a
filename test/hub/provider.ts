/** A small identity provider of OpenID Connect, whose every word a test can change; and a stand-in for one. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { HubParts } from '../../src/hub/hub.js';
import type { Place } from './place.js';

export const keys = await generateKeyPair('RS256');
export const otherKeys = await generateKeyPair('RS256');

export interface Misbehaviour {
  /** Of the ID token. */
  claims?: Record<string, unknown>;
  key?: typeof keys.privateKey;
  /** Of the document of discovery. */
  document?: Record<string, unknown>;
  /** Of the token endpoint. */
  answer?: { status: number; body: string; headers?: Record<string, string> };
}

export interface IdentityProvider {
  readonly issuer: URL;
  /** What the next answers are instead of the proper ones. */
  readonly wrong: Misbehaviour;
  /** Requests to the token endpoint. */
  readonly asked: { form: URLSearchParams; authorization: string | undefined }[];
  /** Somebody signs in there: where the browser is sent back to. */
  consent(to: string): string;
}

export const client = { id: 'the-hub', secret: 'the secret of the hub' };

export async function startProvider(t: TestContext): Promise<IdentityProvider> {
  const codes = new Map<string, URLSearchParams>();
  const asked: IdentityProvider['asked'] = [];
  const wrong: Misbehaviour = {};
  let issuer = '';
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string; headers?: object }> => {
    const path = request.url ?? '';
    const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
    if (path === '/.well-known/openid-configuration') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
        ...wrong.document,
      });
    }
    if (path === '/keys') return json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }] });
    if (path !== '/token') return json({}, 404);
    const form = new URLSearchParams(await text(request));
    asked.push({ form, authorization: request.headers.authorization });
    if (wrong.answer !== undefined) return wrong.answer;
    const begun = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood = begun?.get('code_challenge') === challenge && begun.get('redirect_uri') === form.get('redirect_uri');
    if (!isGood) return json({ error: 'invalid_grant' }, 400);
    const token = await new SignJWT({
      iss: issuer,
      aud: client.id,
      sub: '4711',
      nonce: begun?.get('nonce') ?? '',
      email: 'ann@example.com',
      email_verified: true,
      ...wrong.claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(wrong.key ?? keys.privateKey);
    return json({ access_token: 'unused', token_type: 'Bearer', id_token: token });
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, headers }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer: new URL(issuer),
    wrong,
    asked,
    consent(to) {
      const { searchParams } = new URL(to);
      const code = `code-${codes.size}-${Math.trunc(performance.now())}`;
      codes.set(code, searchParams);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = String(new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: issuer }));
      return back.href;
    },
  };
}

/** Lets in whoever the address names, for tests that are about what they may do then. */
export const signedInAs = (place: Place): HubParts['signIn'] => ({
  links: place.links,
  owner: 'ann',
  command: () => 'hub link',
  provider: {
    name: 'idp.example',
    base: () => place.url,
    begin: async () => ({ problem: 'not asked' }),
    end: async (url) => {
      const who = url.searchParams.get('who') ?? '';
      const id = `jwt:https://idp.example#${who}`;
      return { operator: { id, name: who, isOwner: false }, next: '/hub' };
    },
  },
});
