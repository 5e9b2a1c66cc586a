/** What every unified action shares: envelope, paging, projection, filters, and which call it makes first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actions } from '../../tools/index.js';
import { unifiedGetUser, unifiedListGroups, unifiedListOrganizations, unifiedListUsers } from '../../tools/unified.js';
import { cursorAt } from '../../tools/unified-input.js';
import { fakeComposition, ids, people, run } from './fake-account.js';
import { reference } from './reference.js';

test('a list pages through SCIM positions behind an opaque cursor', async () => {
  const account = { users: people(5) };
  const first = await run(unifiedListUsers, { page_size: 2, fields: 'id' }, account);
  assert.deepEqual(first.data, [{ id: '1' }, { id: '2' }]);
  assert.equal(first.total, 5);
  assert.equal(first.next, cursorAt('users', 3));
  assert.deepEqual(first.nextPage, { page_size: 2, fields: 'id', next: first.next });

  const second = await run(unifiedListUsers, first.nextPage ?? {}, account);
  assert.deepEqual(ids(second.data), ['3', '4']);
  assert.deepEqual(second.calls, ['list_users {"count":2,"startIndex":3}']);

  const last = await run(unifiedListUsers, second.nextPage ?? {}, account);
  assert.deepEqual([ids(last.data), last.next, last.nextPage], [['5'], null, undefined]);
});

test('a page has 25 records unless told otherwise', async () => {
  const { calls } = await run(unifiedListGroups, {}, {});
  assert.deepEqual(calls, ['list_groups {"count":25}']);
});

test('a cursor that is tampered with or of another list is refused before anything is sent', () => {
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '');
  const bad = [
    cursorAt('groups', 26),
    `${cursorAt('users', 26)}x`,
    encode({ v: 2, of: 'users', at: 26 }),
    encode({ v: 1, of: 'users', at: 0 }),
    encode({ v: 1, of: 'users', at: 26, extra: true }),
    encode(null),
    '26',
    '%%%',
    '',
  ];
  assert.ok(unifiedListUsers.input.safeParse({ next: cursorAt('users', 26) }).success);
  for (const next of bad) {
    const refused = unifiedListUsers.input.safeParse({ next });
    assert.match(refused.error?.issues[0]?.message ?? '', /^not a cursor of this list/, next);
  }
});

test('arguments out of range are refused, naming what is allowed', () => {
  const message = (input: object) => unifiedListUsers.input.safeParse(input).error?.issues[0]?.message ?? '';
  assert.match(message({ fields: 'id,nmae' }), /^no such field: nmae; fields are id, remote_id, /);
  assert.match(
    message({ expand: 'roles,policies' }),
    /^no such expansion: policies; expansions are roles, groups, permissions$/,
  );
  assert.match(message({ filter: { updated_after: 'yesterday' } }), /ISO date-time/);
  for (const page_size of [0, 201, 1.5]) assert.notEqual(message({ page_size }), '', String(page_size));
  for (const name of ['proxy', 'page', 'updated_after']) assert.notEqual(message({ [name]: 'x' }), '', name);
  const organizations = unifiedListOrganizations.input.safeParse({ expand: 'users' });
  assert.match(organizations.error?.issues[0]?.message ?? '', /there is no expansion here$/);
});

test('updated_after leaves out only records known to be older and says what it could not tell', async () => {
  const at = (id: string, lastModified?: string) => ({ id, meta: { lastModified } });
  const users = [
    at('1', '2026-01-01T00:00:00Z'),
    at('2', '2026-03-01T00:00:00Z'),
    at('3'),
    at('4', '2026-02-01T01:00:00+01:00'),
  ];
  const filter = { updated_after: '2026-02-01T00:00:00Z' };
  const { data, note, total } = await run(unifiedListUsers, { filter }, { users });
  assert.deepEqual(ids(data), ['2', '3']);
  assert.match(note ?? '', /^1 of 4 records were kept/);
  assert.equal(total, undefined);
});

test('raw shows the requests and answers behind the envelope, and only when asked for', async () => {
  const account = { users: [{ id: '1' }] };
  const { raw } = await run(unifiedGetUser, { id: '1', raw: true }, account);
  const url = 'https://host/api/2.0/accounts/{account_id}/scim/v2/Users/{id}';
  assert.deepEqual(raw, [{ method: 'GET', url, body: null, response: { id: '1' } }]);
  assert.equal('raw' in (await run(unifiedGetUser, { id: '1' }, account)), false);
});

test('every unified action asks Databricks first what the reference names', async () => {
  const account = { users: [{ id: '1', roles: [{ value: 'beta' }] }], groups: [{ id: '1' }] };
  const needed: Readonly<Record<string, object>> = {
    databricks_unified_get_user: { id: '1' },
    databricks_unified_get_group: { id: '1' },
    databricks_unified_get_role: { id: 'beta' },
    databricks_unified_get_organization: { id: 'acct' },
  };
  for (const action of actions.filter((each) => each.kind === 'derived')) {
    const with_ = fakeComposition(account);
    await run(action, needed[action.id] ?? {}, with_);
    const asked = with_.exchanges[0];
    const named = reference.find((each) => each.id === action.id)?.upstream_calls[0];
    assert.equal(`${asked?.method} ${asked?.url.replace('https://host', '')}`, named, action.id);
  }
});
