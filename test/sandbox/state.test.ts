// The account's state as plain data, for those who compare what is with what should be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const now = () => Date.UTC(2026, 5, 1);
const client = await start({ now });
const { sandbox } = client;

test('a snapshot survives JSON unchanged, with int64 as text', () => {
  const snapshot = sandbox.snapshot() as { workspaces: Record<string, { workspace_id: unknown }> };
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
  for (const [id, { workspace_id }] of Object.entries(snapshot.workspaces)) assert.equal(workspace_id, id);
});

test('it is the same over HTTP', async () => {
  assert.deepEqual((await client.get('/_sandbox/state')).json, sandbox.snapshot());
});

test('it holds secrets without their values', async () => {
  const [id] = Object.keys((sandbox.snapshot() as { servicePrincipals: object }).servicePrincipals);
  const { secret, id: secretId } = (await client.post(`/servicePrincipals/${id}/credentials/secrets`, {})).json;
  const text = JSON.stringify(sandbox.snapshot());
  assert.ok(text.includes(secretId));
  assert.ok(!text.includes(secret) && !text.includes(sandbox.clientSecret));
});

test('it is a copy: later writes do not show in it, and changing it changes nothing', async () => {
  const before = sandbox.snapshot() as { groups: Record<string, { displayName: string; members: string[] }> };
  const text = JSON.stringify(before);
  await client.post('/scim/v2/Groups', { displayName: 'later' });
  assert.equal(JSON.stringify(before), text);
  assert.notEqual(JSON.stringify(sandbox.snapshot()), text);
  const now = JSON.stringify(sandbox.snapshot());
  for (const group of Object.values(before.groups)) group.members.push('intruder');
  assert.equal(JSON.stringify(sandbox.snapshot()), now);
});

test('two sandboxes start in the same state, and a reset goes back to it', async () => {
  const other = await start({ now });
  await other.post('/scim/v2/Groups', { displayName: 'gone' });
  other.sandbox.reset();
  sandbox.reset();
  assert.deepEqual(other.sandbox.snapshot(), sandbox.snapshot());
});
