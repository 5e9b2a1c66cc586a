/**
 * The account as its administrator sees it, past the product: plain requests with an unrestricted token. Rows use it to
 * look ids up, to prepare objects and to see what a call has changed.
 */
import assert from 'node:assert/strict';
import type { RecordedRequest, Sandbox } from '../../src/sandbox/index.js';
import { exactJson } from './json.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON the account answers with
export type Body = any;

/** Written out, so that a row reads like the API reference. */
export const accountId = '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24';
export const v20 = `/api/2.0/accounts/${accountId}`;
export const v21 = `/api/2.1/accounts/${accountId}`;

/** The seeded ids that no double can hold. */
export const hugeWorkspace = '9223372036854775801';
export const hugeUser = '9223372036854775783';

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: Body;
}

export class Account {
  readonly sandbox: Sandbox;
  readonly #token: string;

  private constructor(sandbox: Sandbox, token: string) {
    this.sandbox = sandbox;
    this.#token = token;
  }

  static async of(sandbox: Sandbox): Promise<Account> {
    assert.equal(sandbox.accountId, accountId);
    const { status, body } = await signIn(sandbox, sandbox.clientSecret, 'all-apis');
    assert.equal(status, 200);
    return new Account(sandbox, body.access_token);
  }

  async request(method: string, target: string, body?: unknown): Promise<Reply> {
    const response = await fetch(this.sandbox.url + target, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return read(response);
  }

  /** What the account answers there, every digit kept. */
  async get(target: string): Promise<Body> {
    const { status, body, text } = await this.request('GET', target);
    assert.equal(status, 200, `GET ${target}: ${text}`);
    return body;
  }

  /** A whole collection that comes in pages by token. */
  async all(target: string, key: string): Promise<Body[]> {
    const items: Body[] = [];
    for (let token = ''; ; ) {
      const page = await this.get(token === '' ? target : `${target}?page_token=${token}`);
      items.push(...page[key]);
      token = page.next_page_token ?? '';
      if (token === '') return items;
    }
  }

  async create(target: string, body: unknown): Promise<Body> {
    const reply = await this.request('POST', target, body);
    assert.ok(reply.status < 300, `POST ${target}: ${reply.text}`);
    return reply.body;
  }

  async isGone(target: string): Promise<boolean> {
    return (await this.request('GET', target)).status === 404;
  }

  /** A SCIM resource by its display name. */
  async scim(kind: 'Users' | 'Groups' | 'ServicePrincipals', displayName: string): Promise<Body> {
    const { Resources } = await this.get(`${v20}/scim/v2/${kind}?count=1000`);
    return this.one(Resources, 'displayName', displayName);
  }

  /** The one item of a list whose field has this value. */
  one(items: readonly Body[], field: string, value: string): Body {
    const found = items.filter((item) => item[field] === value);
    assert.equal(found.length, 1, `${found.length} items with ${field} ${value}`);
    return found[0];
  }

  /** A new secret of the principal the server signs in with, bound to these scopes. */
  async mintSecret(scopes: readonly string[]): Promise<string> {
    const { id } = await this.scim('ServicePrincipals', 'mcp-admin');
    return (await this.create(`${v20}/servicePrincipals/${id}/credentials/secrets`, { scopes })).secret;
  }

  /** API requests since the last `forget`, without sign-ins. */
  seen(): RecordedRequest[] {
    return this.sandbox.requests.filter(({ path }) => path.startsWith('/api/'));
  }

  forget(): void {
    this.sandbox.clearRequests();
  }
}

export async function signIn(sandbox: Sandbox, secret: string, scope: string, id = sandbox.clientId): Promise<Reply> {
  const response = await fetch(`${sandbox.url}/oidc/accounts/${accountId}/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return read(response);
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, text, body: isJson ? exactJson(text) : undefined };
}
