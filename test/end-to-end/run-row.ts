/**
 * Runs one row: calls the tool through a client whose user approves, and judges what reached the account, what the user
 * was asked and what came back.
 */
import assert from 'node:assert/strict';
import type { RecordedRequest } from '../../src/sandbox/index.js';
import type { Person } from '../mcp/person.js';
import { call } from '../mcp/server-process.js';
import { type Account, accountId, type Body } from './account.js';
import { exactJson } from './json.js';
import { checkView } from './own-view.js';
import { isRisky } from './risky.js';
import type { Row, Wire } from './row.js';
import { withoutUndo } from './undo-note.js';

/** The account, and a client in front of it with its user. */
export interface Stage {
  readonly account: Account;
  readonly client: Parameters<typeof call>[0];
  readonly person: Person;
}

export async function runRow({ client, account, person }: Stage, action: string, row: Row): Promise<void> {
  const planned = await row(account);
  const { args, wire, judge } = planned;
  account.forget();
  person.asked.length = 0;
  const { failed, json } = await call(client, action, { ...args, detail: 'full' });
  const requests = withoutLooks(account.seen(), wire);
  assert.ok(!failed, JSON.stringify(json));
  const { account_id, ...told } = json;
  assert.equal(account_id, accountId);
  const { nextPage } = told;
  if (nextPage !== undefined) {
    assert.equal(nextPage.detail, 'full', 'the next page looks like this one');
    const { detail: _, ...own } = nextPage;
    told.nextPage = own;
  }
  checkQuestions(person.asked, action, planned.asks === true);
  const answer = withoutUndo(action, planned, told);

  assert.deepEqual(inOrder(requests.map(observed)), inOrder(wire.map(complete)));
  for (const request of requests) checkHeaders(request);
  await judge({ account, answer, args, sent: requests.map(target) });
  if (nextPage !== undefined) await followNextPage(client, account, action, { ...answer, nextPage });
  // The file of a download has another name each time.
  if (wire.every(({ method }) => method === 'GET') && (answer as Body).data?.path === undefined)
    checkView(answer.data, (await call(client, action, { ...args })).json.data, action);
}

/** Before a write the server looks at what it would touch, and after one that was answered no more. */
function withoutLooks(requests: RecordedRequest[], wire: readonly Wire[]): RecordedRequest[] {
  if (wire.every(({ method }) => method === 'GET')) return requests;
  const first = requests.findIndex(({ method }) => method !== 'GET');
  for (const look of requests.slice(0, first)) {
    checkHeaders(look);
    assert.equal(look.body, '');
  }
  return requests.slice(first);
}

/** One question for a risky call, about this account, and none for any other. */
function checkQuestions(asked: readonly string[], action: string, asks: boolean): void {
  assert.equal(asked.length, isRisky(action) || asks ? 1 : 0, asked.join('\n\n'));
  for (const question of asked) assert.ok(question.includes(accountId), question);
}

/** `nextPage` has to be the arguments of the call for the next page, as they are. */
async function followNextPage(client: Stage['client'], account: Account, action: string, { data, nextPage }: Body) {
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
