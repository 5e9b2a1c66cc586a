// A bare HTTP client for the sandbox tests: signs in, calls, keeps status, headers and text. Knows no endpoint.

import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a black-box test reads whatever JSON came back
  readonly json: any;
}

export class Client {
  readonly sandbox: Sandbox;
  #token: string | undefined;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  /** One token for all calls. */
  async token(): Promise<string> {
    this.#token ??= (await signIn(this.sandbox)).json.access_token as string;
    return this.#token;
  }

  /** `path` starts after /accounts/{account_id}, or with /api, /oidc, /_sandbox or /.well-known. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const whole = /^\/(api|oidc|_sandbox|\.well-known)/.test(path)
      ? path
      : `/api/2.0/accounts/${this.sandbox.accountId}${path}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return send(this.sandbox, method, whole, text, {
      authorization: `Bearer ${await this.token()}`,
      'content-type': 'application/json',
      ...headers,
    });
  }

  /** Resolves when the fault planned last has hit. */
  async untilHit(): Promise<void> {
    while ((await this.get('/_sandbox/faults')).json.faults.at(-1).hits === 0) await sleep(5);
  }

  get = (path: string): Promise<Answer> => this.call('GET', path);
  post = (path: string, body?: unknown): Promise<Answer> => this.call('POST', path, body);
  put = (path: string, body?: unknown): Promise<Answer> => this.call('PUT', path, body);
  patch = (path: string, body?: unknown): Promise<Answer> => this.call('PATCH', path, body);
  delete = (path: string): Promise<Answer> => this.call('DELETE', path);
}

/** A sandbox for one test file, with a signed-in client; closed when the file is done. */
export async function start(options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await startSandbox(options);
  after(() => sandbox.close());
  return new Client(sandbox);
}

export async function send(
  sandbox: Sandbox,
  method: string,
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, { method, headers, body: body ?? null });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

export interface SignIn {
  readonly scope?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly path?: string;
}

export function signIn(sandbox: Sandbox, given: SignIn = {}): Promise<Answer> {
  const { scope = 'all-apis', id = sandbox.clientId, secret = sandbox.clientSecret } = given;
  const path = given.path ?? `/oidc/accounts/${sandbox.accountId}/v1/token`;
  return send(sandbox, 'POST', path, new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(), {
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
}

/** A call with a token of exactly this scope. */
export async function callWith(
  sandbox: Sandbox,
  scope: string,
  method: string,
  path: string,
  given: SignIn = {},
): Promise<Answer> {
  const token = await signIn(sandbox, { ...given, scope });
  return send(sandbox, method, `/api/2.0/accounts/${sandbox.accountId}${path}`, undefined, {
    authorization: `Bearer ${token.json.access_token}`,
  });
}
