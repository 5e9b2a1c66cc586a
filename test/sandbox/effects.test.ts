// The effect log: what the account really did, whatever its clients were told.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Effect } from '../../src/sandbox/index.js';
import { callWith, start } from './client.js';

const client = await start();
const { sandbox } = client;
const patch = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const short = ({ kind, type, id, detail, changed }: Effect) => ({ kind, type, id, detail, changed });
const last = () => short(sandbox.effects.at(-1) ?? assert.fail('no effect'));
afterEach(() => sandbox.reset());

test('a write is logged with who, what and when, and numbers go on after a clear', async () => {
  const began = Date.now();
  const first = (await client.post('/scim/v2/Users', { userName: 'one@example.com' })).json;
  const [effect] = sandbox.effects;
  const { seq = 0, time = 0, ...rest } = effect ?? {};
  assert.deepEqual(rest, {
    method: 'POST',
    path: `/api/2.0/accounts/${sandbox.accountId}/scim/v2/Users`,
    kind: 'create',
    type: 'user',
    id: first.id,
    detail: 'one@example.com',
    changed: true,
    clientId: sandbox.clientId,
  });
  assert.ok(time >= began && time <= Date.now());
  sandbox.clearEffects();
  assert.equal(sandbox.effects.length, 0);
  await client.delete(`/scim/v2/Users/${first.id}`);
  assert.equal(sandbox.effects[0]?.seq, seq + 1);
});

test('each effect names the caller that had it', async () => {
  const principal = (await client.post('/scim/v2/ServicePrincipals', { displayName: 'robot' })).json;
  await client.patch(
    `/scim/v2/ServicePrincipals/${principal.id}`,
    patch({ op: 'add', path: 'roles', value: [{ value: 'account_admin' }] }),
  );
  const { secret } = (await client.post(`/servicePrincipals/${principal.id}/credentials/secrets`, {})).json;
  const user = (await client.post('/scim/v2/Users', { userName: 'x@example.com' })).json;
  const given = { id: principal.applicationId, secret };
  await callWith(sandbox, 'scim', 'DELETE', `/scim/v2/Users/${user.id}`, given);
  assert.equal(sandbox.effects.at(-1)?.clientId, principal.applicationId);
  assert.ok(!JSON.stringify(sandbox.effects).includes(secret));
});

test('refused requests, reads and sign-ins are no effects', async () => {
  assert.equal((await client.post('/scim/v2/Users', { userName: 'nobody' })).status, 400);
  assert.equal((await client.delete('/scim/v2/Users/404')).status, 404);
  assert.equal((await client.post('/nowhere', {})).status, 404);
  assert.equal((await callWith(sandbox, 'billing', 'DELETE', '/scim/v2/Users/1')).status, 403);
  assert.equal((await client.call('DELETE', '/scim/v2/Users/1', undefined, { authorization: 'none' })).status, 401);
  assert.equal((await client.get('/scim/v2/Users')).status, 200);
  assert.deepEqual(sandbox.effects, []);
});

const settled: [name: string, fault: object, effects: number][] = [
  ['a failure instead of the handler', { action: 'status', status: 503 }, 0],
  ['a failure after it', { action: 'status', status: 503, afterHandler: true }, 1],
  ['a drop before', { action: 'drop' }, 0],
  ['a drop after', { action: 'drop', afterHandler: true }, 1],
  ['a delay before', { action: 'delay', delayMs: 5 }, 1],
  ['a delay after', { action: 'delay', delayMs: 5, afterHandler: true }, 1],
];
for (const [name, fault, count] of settled) {
  test(`${name} leaves ${count} effects`, async () => {
    await client.post('/_sandbox/faults', { pattern: 'POST *Groups', ...fault });
    await client.post('/scim/v2/Groups', { displayName: 'faulty' }).catch(() => {});
    assert.equal(sandbox.effects.length, count);
    const groups = Object.values((sandbox.snapshot() as { groups: Record<string, { displayName: string }> }).groups);
    assert.equal(groups.filter(({ displayName }) => displayName === 'faulty').length, count);
  });
}

test('memberships name the members; adding one twice or removing none changes nothing', async () => {
  const user = (await client.post('/scim/v2/Users', { userName: 'm@example.com' })).json.id as string;
  const group = (await client.post('/scim/v2/Groups', { displayName: 'team' })).json.id as string;
  const path = `/scim/v2/Groups/${group}`;
  const add = { op: 'add', path: 'members', value: [{ value: user }] };
  const remove = { op: 'remove', path: `members[value eq "${user}"]` };
  const seen = [];
  for (const operation of [add, add, { op: 'add', value: { members: [{ value: user }] } }, remove, remove]) {
    await client.patch(path, patch(operation));
    seen.push(last());
  }
  const member = { kind: 'update', type: 'group_member', id: group, detail: user };
  assert.deepEqual(
    seen,
    [true, false, false, true, false].map((changed) => ({ ...member, changed })),
  );
  await client.patch(path, patch(add, { op: 'replace', path: 'displayName', value: 'crew' }));
  assert.deepEqual(last(), { kind: 'update', type: 'group', id: group, detail: 'crew', changed: true });
});

test('an update that changes nothing says so', async () => {
  const { id } = (await client.post('/scim/v2/Users', { userName: 'same@example.com', displayName: 'Same' })).json;
  for (const [displayName, changed] of [
    ['Same', false],
    ['Other', true],
  ] as const) {
    await client.patch(`/scim/v2/Users/${id}`, patch({ op: 'replace', path: 'displayName', value: displayName }));
    assert.equal(last().changed, changed);
  }
});

test('a network deletion counts once, when it is accepted', async () => {
  const [network] = (await client.get('/networks')).json.filter((one: { workspace_id?: number }) => !one.workspace_id);
  const state = () => (sandbox.snapshot() as { networks: object }).networks;
  assert.ok(network.network_id in state());
  for (const changed of [true, false]) {
    await client.delete(`/networks/${network.network_id}`);
    const { network_id: id, network_name: detail } = network;
    assert.deepEqual(last(), { kind: 'delete', type: 'network', id, detail, changed });
    assert.ok(!(id in state()));
  }
  assert.equal((await client.get(`/networks/${network.network_id}`)).status, 200);
});

test('assignments are known by workspace and by what is assigned', async () => {
  const [workspace] = Object.keys((sandbox.snapshot() as { workspaces: object }).workspaces);
  const user = (await client.post('/scim/v2/Users', { userName: 'a@example.com' })).json.id;
  const path = `/workspaces/${workspace}/permissionassignments/principals/${user}`;
  const seen = [];
  for (const permissions of [['USER'], ['USER'], ['ADMIN'], []]) {
    await client.put(path, { permissions });
    seen.push(last().changed);
  }
  await client.delete(path);
  assert.deepEqual(seen, [true, false, true, true]);
  const expected = { kind: 'delete', type: 'permission_assignment', id: workspace, detail: user, changed: false };
  assert.deepEqual(last(), expected);

  const metastore = (await client.post('/metastores', { metastore_info: { name: 'm', region: 'eu-west-1' } })).json
    .metastore_info.metastore_id;
  const assign = `/workspaces/${workspace}/metastores/${metastore}`;
  await client.post(assign, { metastore_assignment: { metastore_id: metastore } });
  assert.deepEqual(last(), {
    kind: 'create',
    type: 'metastore_assignment',
    id: workspace,
    detail: metastore,
    changed: true,
  });
  await client.delete(assign);
  assert.equal(last().kind, 'delete');
});

test('effects are read and cleared over HTTP', async () => {
  await client.post('/scim/v2/Groups', { displayName: 'http' });
  assert.deepEqual((await client.get('/_sandbox/effects')).json.effects, sandbox.effects);
  assert.equal((await client.delete('/_sandbox/effects')).status, 200);
  assert.deepEqual((await client.get('/_sandbox/effects')).json.effects, []);
});
