/** What databricks_access_status tells one caller about the writes of others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Unsettled } from '../../src/guard/journal/tail.js';
import type { CallerScope } from '../../src/http/caller.js';
import { createVisits } from '../../src/mcp/visit.js';
import { accessStatus } from '../../src/status.js';
import { areas } from '../../tools/index.js';
import { place } from './place.js';

const write = (action: string): Unsettled => ({
  id: action,
  time: '2026-11-24T12:00:00.000Z',
  action,
  risk: 'destructive',
  caller: 'token:ann',
  target: { name: 'of ann' },
  pid: 1,
  host: 'here',
  running: false,
  why: 'crashed',
});

test('writes of unknown outcome are told to whoever could repeat them, and to nobody else', async () => {
  const { app } = await place();
  const visitOf = createVisits(app.policy);
  const unsettled = async () => [write('databricks_create_network'), write('databricks_delete_user')];
  const { configuration, access, policy } = app;
  const parts = { areas, configuration, access, policy, journal: { unsettled }, sandbox: true, scrub: String };
  const toldTo = async (scopes: readonly CallerScope[], narrowed = true) => {
    const visit = narrowed ? visitOf({ id: 'token:bob', scopes: new Set(scopes) }, {}).policy : policy;
    const { unknown_outcomes = [] } = await accessStatus({ ...parts, signIn: async () => [] }, undefined, visit);
    return (unknown_outcomes as { tool: string }[]).map(({ tool }) => tool);
  };
  assert.deepEqual(await toldTo(['dbx:read', 'dbx:secrets']), []);
  assert.deepEqual(await toldTo(['dbx:read', 'dbx:write']), ['databricks_create_network']);
  assert.deepEqual(await toldTo(['dbx:admin']), ['databricks_delete_user']);
  assert.deepEqual(await toldTo([], false), ['databricks_create_network', 'databricks_delete_user']);
});
