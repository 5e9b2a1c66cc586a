/**
 * A `Look` over the sandbox account for tests of impacts: plain requests with an unrestricted token, past the executor.
 * Remembers what was read, so that a test can say that looking only reads.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parseInput } from '../../src/core/input.js';
import { parseJson } from '../../src/core/json.js';
import { canCollect } from '../../src/core/schema.js';
import { buildRequest, readAnswer } from '../../src/core/wire.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { Arguments, HttpAction, Impact, Look } from '../../tools/action.js';

export class NotFound extends Error {}

export interface Looking {
  readonly look: Look;
  /** Method and path of what was read so far. */
  readonly reads: string[];
}

export interface LookSettings {
  readonly ownAddresses?: readonly string[];
  /** Actions that this token may not read. */
  readonly closed?: readonly HttpAction[];
}

export async function lookAt(sandbox: Sandbox, { ownAddresses, closed = [] }: LookSettings = {}): Promise<Looking> {
  const token = await signIn(sandbox);
  const reads: string[] = [];
  const page = async (action: HttpAction, input: Arguments) => {
    assert.equal(action.effect, 'read', `${action.id} is no read`);
    assert.ok(!closed.includes(action), `${action.id} is closed`);
    const parsed = parseInput(action, input);
    const wire = buildRequest(action, parsed.input, sandbox.accountId);
    reads.push(`${wire.method} ${wire.path}`);
    const response = await fetch(sandbox.url + wire.path, {
      method: wire.method,
      headers: { ...wire.headers, authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    if (response.status === 404) return { data: null };
    assert.equal(response.status, 200, `${wire.method} ${wire.path}: ${text}`);
    return readAnswer(action, parsed.given, parseJson(text));
  };
  const read = async (action: HttpAction, input: Arguments): Promise<unknown> => {
    if (!canCollect(action)) return (await page(action, input)).data;
    const items: unknown[] = [];
    for (let next: Arguments | undefined = input; next !== undefined; ) {
      const answer: { data: unknown; nextPage?: Arguments } = await page(action, next);
      if (answer.data === null) return null;
      items.push(...(answer.data as unknown[]));
      next = answer.nextPage;
    }
    return items;
  };
  const look: Look = {
    clientId: sandbox.clientId,
    ownSecretHashes: async () =>
      (['hex', 'base64'] as const).map((form) => createHash('sha256').update(sandbox.clientSecret).digest(form)),
    ownAddresses,
    read: (action, input) => read(action as unknown as HttpAction, input as Arguments),
    tryRead: async (action, input) =>
      closed.includes(action as unknown as HttpAction)
        ? undefined
        : read(action as unknown as HttpAction, input as Arguments),
    notFound: (kind, id) => {
      throw new NotFound(`${kind} ${id}`);
    },
  };
  return { look, reads };
}

/** The impact of a call as a caller would write it. */
export function impactOf({ look }: Looking, action: HttpAction, args: Arguments): Promise<Impact> {
  assert.ok(action.impact !== undefined, `${action.id} declares no impact`);
  return action.impact(look, parseInput(action, args).input);
}

async function signIn(sandbox: Sandbox): Promise<string> {
  const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString('base64');
  const response = await fetch(`${sandbox.url}/oidc/accounts/${sandbox.accountId}/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
