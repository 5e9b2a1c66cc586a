/** Runs one row: calls the tool through the client and judges what reached the account and what came back. */
import assert from 'node:assert/strict';
import type { Client } from '@modelcontextprotocol/client';
import type { RecordedRequest } from '../../src/sandbox/index.js';
import { call } from '../mcp/server-process.js';
import { type Account, accountId, type Body } from './account.js';
import { exactJson } from './json.js';
import type { Row, Wire } from './row.js';

export async function runRow(client: Client, account: Account, action: string, row: Row): Promise<void> {
  const { args, wire, judge } = await row(account);
  account.forget();
  const { failed, json } = await call(client, action, { ...args });
  const requests = withoutLook(account.seen(), wire);
  assert.ok(!failed, JSON.stringify(json));
  const { account_id, ...answer } = json;
  assert.equal(account_id, accountId);

  assert.deepEqual(inOrder(requests.map(observed)), inOrder(wire.map(complete)));
  for (const request of requests) checkHeaders(request);
  await judge({ account, answer, args, sent: requests.map(target) });
  if (answer.nextPage !== undefined) await followNextPage(client, account, action, answer);
}

/** Before a create the server reads whether such a thing is there already, to recognise its own if the answer is lost. */
function withoutLook(requests: RecordedRequest[], wire: readonly Wire[]): RecordedRequest[] {
  const creates = wire.some(({ method }) => method === 'POST');
  return creates ? requests.filter(({ method }) => method !== 'GET') : requests;
}

/** `nextPage` has to be the arguments of the call for the next page, as they are. */
async function followNextPage(client: Client, account: Account, action: string, { data, nextPage }: Body) {
  account.forget();
  const second = await call(client, action, nextPage);
  assert.ok(!second.failed, second.text);
  assert.equal(account.seen().length, 1);
  const before = new Set(data.map((item: unknown) => JSON.stringify(item)));
  assert.ok(second.json.data.length > 0, 'the next page is empty');
  for (const item of second.json.data) assert.ok(!before.has(JSON.stringify(item)), 'the same page again');
}

const target = ({ path, query }: RecordedRequest) => (query === '' ? path : `${path}?${query}`);

function observed({ method, path, query, body }: RecordedRequest) {
  const parameters = [...new URLSearchParams(query)];
  const named = Object.fromEntries(parameters);
  assert.equal(Object.keys(named).length, parameters.length, `a parameter comes twice: ${query}`);
  return { method, path, query: named, body: body === '' ? undefined : exactJson(body) };
}

const complete = ({ method, path, query = {}, body }: Wire) => ({ method, path, query, body });

const inOrder = <T extends { path: string }>(requests: T[]) => requests.sort((a, b) => (a.path < b.path ? -1 : 1));

function checkHeaders({ method, path, headers }: RecordedRequest): void {
  assert.equal(headers.authorization, 'Bearer');
  assert.match(headers['user-agent'] ?? '', /^databricks-actions-mcp\/\d/);
  const isScim = path.includes('/scim/v2/');
  const hasBody = method !== 'GET' && method !== 'DELETE';
  // Databricks takes SCIM in either type; everything else is plain JSON.
  const types = isScim ? ['application/scim+json', 'application/json'] : ['application/json'];
  if (hasBody) assert.ok(types.includes(headers['content-type']?.split(';')[0] ?? ''), headers['content-type']);
  else assert.equal(headers['content-type'], undefined);
}
