/** What of an answer is shown: the view, other fields, everything; and how a long one is gone on with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf } from '../../src/answers.js';
import type { Selection } from '../../src/call.js';
import { ActionError } from '../../src/core/errors.js';
import { parseInput } from '../../src/core/input.js';
import type { Executor } from '../../src/execute.js';
import { conversation, type Showing, shownAnswer } from '../../src/shown.js';
import type { Outcome } from '../../tools/action.js';
import { json } from '../databricks/servers.js';
import { account, action } from '../execute/account.js';

const selection = (fields: Partial<Selection> = {}): Selection => ({
  given: {},
  all: false,
  full: false,
  from: 1,
  ...fields,
});

/** The answer to a call with these arguments, to which Databricks' answer means this. */
function shown(name: string, args: Record<string, unknown>, outcome: Outcome, showing: Showing = conversation) {
  const { given, all, full, fields, from } = parseInput(action(name), args);
  const how = selection({ given, all, full, from, ...(fields && { fields }) });
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is shown
  return shownAnswer(action(name), answerOf(outcome, 'acc'), how, showing) as any;
}

const scimUser = (id: number, fields: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: String(id),
  userName: `u${id}@example.com`,
  displayName: `User ${id}`,
  name: { givenName: 'User', familyName: String(id) },
  emails: [{ type: 'work', value: `u${id}@example.com`, primary: true }],
  active: true,
  roles: [],
  externalId: null,
  account_id: 'acc',
  ...fields,
});

test('a get shows the fields of its view, without what is empty, and names what else there is', () => {
  const answer = shown(
    'get_user',
    { id: '7' },
    { data: scimUser(7, { active: false, roles: [{ value: 'account_admin' }] }) },
  );
  assert.deepEqual(answer, {
    account_id: 'acc',
    data: {
      id: '7',
      userName: 'u7@example.com',
      displayName: 'User 7',
      active: false,
      roles: [{ value: 'account_admin' }],
    },
    hidden_fields: ['name', 'emails'],
  });
});

test('detail full and fields * show what Databricks sent', () => {
  for (const args of [{ detail: 'full' }, { fields: '*' }, { fields: 'id,*' }]) {
    const data = scimUser(7);
    assert.deepEqual(shown('get_user', { id: '7', ...args }, { data }), { account_id: 'acc', data });
  }
});

test('chosen fields are shown as they are, empty ones too, and those that are in no record are named', () => {
  const answer = shown('get_user', { id: '7', fields: 'id, roles,externalId,name.givenName' }, { data: scimUser(7) });
  assert.deepEqual(answer.data, { id: '7', roles: [], externalId: null, name: { givenName: 'User' } });
  const group = shown('get_group', { id: '1', fields: ['id', 'members'] }, { data: { id: '1', displayName: 'g' } });
  assert.deepEqual(group, { account_id: 'acc', data: { id: '1' }, note: 'Not in this answer, so empty: "members".' });
});

test('a field that does not exist is refused with those that do, at its level', () => {
  const refusal = (fields: string) => {
    try {
      parseInput(action('get_user'), { id: '7', fields });
    } catch (error) {
      assert.ok(error instanceof ActionError);
      return `${error.failure.message} ${error.failure.next}`;
    }
    return assert.fail('taken');
  };
  assert.equal(
    refusal('id,userNam'),
    'fields: there is no "userNam". There are id, userName, displayName, active, roles, name, emails, externalId, account_id; * shows all.',
  );
  assert.equal(
    refusal('name.given'),
    'fields: there is no "name.given". There are name.givenName, name.familyName; * shows all.',
  );
  assert.match(refusal('a\u202eb'), /"a\\u202eb"/);
});

test('fields asked of Databricks are shown, whatever the view says', () => {
  const data = { id: '7', externalId: 'x', account_id: 'acc' };
  assert.deepEqual(shown('get_user', { id: '7', attributes: 'externalId' }, { data }).data, {
    id: '7',
    externalId: 'x',
  });
});

test('a record that has none of the fields of the view is shown as it came', () => {
  const data = [{ unexpected: 1 }, { workspace_id: 5 }];
  assert.deepEqual(shown('list_workspaces', {}, { data }), { account_id: 'acc', data });
});

test('a change does not repeat its arguments; ids and what came out differently stay', () => {
  const data = { id: '9', userName: 'ana@example.com', displayName: 'Ana', active: true };
  const args = { userName: 'Ana@Example.com', displayName: 'Ana' };
  assert.deepEqual(shown('create_user', args, { data }).data, { id: '9', userName: 'ana@example.com', active: true });
  const metastore = { metastore_id: 'm', name: 'n', owner: 'finance', external_access_enabled: false };
  assert.deepEqual(shown('update_metastore', { metastore_id: 'm', owner: 'finance' }, { data: metastore }).data, {
    metastore_id: 'm',
    name: 'n',
    external_access_enabled: false,
  });
});

test('not known and none stay apart in a unified record', () => {
  const group = { id: '1', name: 'g', roles: [], child_group_ids: null, users: null, description: null };
  const outcome = { data: { data: [group], next: null }, enveloped: true } as Outcome;
  assert.deepEqual(shown('unified_list_groups', {}, outcome).data, [{ id: '1', name: 'g', roles: [] }]);
  const many = { data: { data: [1, 2, 3, 4].map((id) => ({ ...group, id: `${id}` })), next: null }, enveloped: true };
  assert.deepEqual(shown('unified_list_groups', {}, many as Outcome).data.all_rows, { name: 'g', roles: [] });
});

test('what kind a member is, is told without its id again', () => {
  const members = [
    { value: '1', display: 'Ana', $ref: 'Users/1' },
    { value: '2', display: 'Ops', $ref: 'https://host/scim/v2/Groups/2' },
    { value: '3', display: 'Odd', $ref: 'Users/4' },
  ];
  const { data } = shown('get_group', { id: '5' }, { data: { id: '5', displayName: 'g', members } });
  assert.deepEqual(
    data.members.map(({ $ref }: { $ref: string }) => $ref),
    ['Users', 'https://host/scim/v2/Groups', 'Users/4'],
  );
});

test('a plan, and an answer without data, are left alone', () => {
  const data = { request: { method: 'POST' } };
  const plan = answerOf({ data, plan: true } as never, 'acc');
  assert.equal(shownAnswer(action('create_user'), plan, selection(), conversation), plan);
  const empty = answerOf({ data: null, note: 'none' }, 'acc');
  assert.equal(shownAnswer(action('get_workspace_metastore'), empty, selection(), conversation), empty);
});

test('the next page is asked for in the same fields', () => {
  const outcome = { data: [1, 2, 3, 4].map((id) => scimUser(id)), total: 9, nextPage: { count: 4, startIndex: 5 } };
  const answer = shown('list_users', { count: 4, fields: 'id,userName' }, outcome);
  assert.deepEqual(Object.keys(answer), ['account_id', 'data', 'total', 'nextPage']);
  const { nextPage } = answer;
  assert.deepEqual(nextPage, { count: 4, startIndex: 5, fields: 'id,userName' });
  assert.deepEqual(shown('list_users', { count: 4, detail: 'full' }, outcome).nextPage, {
    ...outcome.nextPage,
    detail: 'full',
  });
  assert.deepEqual(shown('list_users', { count: 4 }, outcome).nextPage, outcome.nextPage);
});

/** Follows nextPage through answers of at most so many characters to the end. */
async function followed(
  executor: Executor,
  name: string,
  args: Record<string, unknown>,
  itemsOf: (data: never) => unknown[],
) {
  const items: unknown[] = [];
  const calls: Record<string, unknown>[] = [];
  for (let next: Record<string, unknown> | undefined = args; next !== undefined; ) {
    calls.push(next);
    assert.ok(calls.length < 200, 'it never ends');
    const result = await executor.execute(action(name), next);
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is shown
    const answer: any = shownAnswer(action(name), answerOf(result, 'acc'), result.selection, {
      most: 1_000,
      tables: true,
    });
    assert.ok(JSON.stringify(answer.data).length <= 1_000, JSON.stringify(answer));
    items.push(...itemsOf(answer.data as never));
    next = answer.nextPage;
  }
  return { items, calls };
}

const rowsOf = (data: { rows?: unknown[][] } | unknown[]) => (Array.isArray(data) ? data : (data.rows ?? []));

test('a long list without pages is gone on with from where it was cut, to its end', async (t) => {
  const workspaces = Array.from({ length: 100 }, (_, at) => ({
    workspace_id: at + 1,
    workspace_name: `workspace number ${at}`,
    cloud: 'aws',
  }));
  const { executor } = await account(t, (_, res) => json(res, 200, workspaces));
  const { items, calls } = await followed(executor, 'list_workspaces', {}, rowsOf as never);
  assert.deepEqual(
    items,
    workspaces.map(({ workspace_id, workspace_name }) => [workspace_id, workspace_name]),
  );
  assert.ok(calls.length > 2 && calls.slice(1).every(({ from }) => typeof from === 'number'));
});

test('a long SCIM page, and collected ones, are gone on with by position, without reading again', async (t) => {
  const users = Array.from({ length: 120 }, (_, at) => scimUser(at + 1));
  const { executor } = await account(t, (seen, res) => {
    const query = new URL(seen.url, 'http://x').searchParams;
    const first = Number(query.get('startIndex') ?? 1);
    const page = users.slice(first - 1, first - 1 + Number(query.get('count')));
    json(res, 200, { Resources: page, totalResults: users.length, startIndex: first });
  });
  for (const args of [{ count: 50 }, { count: 20, all: true }]) {
    const { items, calls } = await followed(executor, 'list_users', args, rowsOf as never);
    assert.deepEqual(
      items.map((row) => (row as unknown[])[0] ?? row),
      users.map(({ id }) => id),
    );
    for (const call of calls.slice(1))
      assert.deepEqual(Object.keys(call).sort(), Object.keys({ ...args, startIndex: 1 }).sort());
  }
});

test('a long page of a list that pages by token is finished before the next page', async (t) => {
  const page = (token: string) => Array.from({ length: 40 }, (_, at) => ({ id: `${token}${at}`, status: 'ACTIVE' }));
  const { executor } = await account(t, (seen, res) => {
    const token = new URL(seen.url, 'http://x').searchParams.get('page_token');
    json(res, 200, token === null ? { secrets: page('a'), next_page_token: 'b' } : { secrets: page('b') });
  });
  const args = { service_principal_id: '1' };
  const { items } = await followed(executor, 'list_service_principal_secrets', args, rowsOf as never);
  assert.deepEqual(
    items.map((row) => (row as string[])[0]),
    [...page('a'), ...page('b')].map(({ id }) => id),
  );
});

test('the long list inside a record is gone on with too, and the rest of the record stays', async (t) => {
  const members = Array.from({ length: 190 }, (_, at) => ({
    value: `${at}`,
    display: `Member ${at}`,
    $ref: `Users/${at}`,
  }));
  const { executor } = await account(t, (_, res) => json(res, 200, { id: '5', displayName: 'many', members }));
  for (const args of [{ id: '5' }, { id: '5', fields: 'id,displayName,members' }, { id: '5', detail: 'full' }]) {
    const { items, calls } = await followed(executor, 'get_group', args, ((data: {
      displayName: string;
      members: unknown;
    }) => {
      assert.equal(data.displayName, 'many');
      return rowsOf(data.members as never);
    }) as never);
    assert.deepEqual(
      items.map((row) => (Array.isArray(row) ? row[0] : (row as { value: string }).value)),
      members.map(({ value }) => value),
    );
    assert.ok(calls.length > 2);
  }
});

test('a cut answer says what is in it, of how much, and that fewer fields fit more', () => {
  const data = Array.from({ length: 100 }, (_, at) => ({ workspace_id: at + 1, workspace_name: `w${at}` }));
  const answer = shown('list_workspaces', { from: 11 }, { data }, { most: 300, tables: true });
  const count = answer.data.rows.length;
  assert.equal(
    answer.note,
    `Shown are 11 to ${10 + count} of 100: more does not fit. nextPage goes on; fewer fields fit more.`,
  );
  assert.deepEqual(answer.nextPage, { from: 11 + count });
});

test('a single record that is too long is shown all the same: an answer that never gets on helps nobody', () => {
  const data = [{ workspace_id: 1, workspace_name: 'x'.repeat(2_000) }, { workspace_id: 2 }];
  const answer = shown('list_workspaces', {}, { data }, { most: 300, tables: true });
  assert.deepEqual([answer.data.length, answer.nextPage], [1, { from: 2 }]);
});

test('without tables and without an end, a program gets all records by name', () => {
  const data = Array.from({ length: 5_000 }, (_, at) => ({ workspace_id: at + 1, workspace_name: `w${at}` }));
  const answer = shown('list_workspaces', {}, { data }, { most: Number.POSITIVE_INFINITY, tables: false });
  assert.deepEqual(answer, { account_id: 'acc', data });
});
