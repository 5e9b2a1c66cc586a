/** Nothing to learn by trying: closed tools answer like ones that do not exist, and the list is the same for everybody. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Era, told, Wire } from './wire.js';
import { type World, world } from './world.js';

const target = 'databricks_delete_user';
const unknown = 'databricks_destroy_usr';

/** The very bytes of the answer to a call of this name, without the name. */
async function answerFor(place: World, name: string, settings: Record<string, string>, era: Era): Promise<string> {
  const wire = await Wire.start({ home: place.home, settings: { ...place.settings, ...settings }, era });
  await wire.call(name, { id: '1' });
  await wire.leave();
  return (wire.lines.at(-1) ?? '').replace(name, '<name>');
}

for (const era of ['modern', 'legacy'] as const) {
  it(`answers to closed, denied and unknown tools with the same bytes, ${era}`, async () => {
    const place = await world();
    const expected = await answerFor(place, unknown, {}, era);
    assert.match(expected, /"code":-32602,"message":"Unknown tool: \\"<name>\\"/);
    const closing: Record<string, Record<string, string>> = {
      'by scope': { DATABRICKS_SCOPES: 'billing' },
      'by read scope': { DATABRICKS_SCOPES: 'scim:read' },
      'by policy': { DATABRICKS_MCP_DENY: target },
      'by risk': { DATABRICKS_MCP_DENY: 'destructive' },
      'by read-only': { DATABRICKS_MCP_READ_ONLY: 'true' },
      'by area': { DATABRICKS_MCP_AREAS: 'billing' },
    };
    place.account.forget();
    for (const [how, settings] of Object.entries(closing)) {
      assert.equal(await answerFor(place, target, settings, era), expected, how);
      assert.equal(await answerFor(place, unknown, settings, era), expected, how);
    }
    assert.deepEqual(place.effects(), []);
    assert.deepEqual(place.account.seen(), []);
  });

  it(`lists the same bytes over connections, calls, questions and a refused token, ${era}`, async () => {
    const place = await world();
    const seen = new Set<string>();
    const list = async (wire: Wire) => {
      const { result } = await wire.request('tools/list');
      assert.equal(result.tools.length, 73);
      const line = wire.lines.findLast((each) => each.includes('"tools":[')) ?? '';
      seen.add(line.replace(/"id":\d+/, '"id":0'));
    };
    for (let round = 0; round < 3; round += 1) {
      const wire = await Wire.start({
        home: place.home,
        settings: place.settings,
        era,
        onRequest: ({ id }, by) => by.send({ jsonrpc: '2.0', id, result: { action: 'cancel' } }),
      });
      await list(wire);
      assert.ok(told(await wire.call('databricks_list_groups', {})).data.rows.length > 0);
      await list(wire);
      place.sandbox.addFault({ pattern: 'GET /api/*', action: 'status', status: 401, times: 2 });
      assert.equal(told(await wire.call('databricks_list_workspaces', {})).error.kind, 'unauthorized');
      await list(wire);
      await wire.call(target, { id: '1' });
      await wire.call('databricks_create_user', { userName: `u${round}@lumenfreight.example` });
      for (let more = 0; more < 20; more += 1) await list(wire);
      await wire.leave();
    }
    assert.equal(seen.size, 1);
  });
}
