/**
 * Two changes that are each harmless and together lock out: both looked at before either was sent, as calls made at the
 * same time are. Only one goes through, also where a person has approved both.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { v20 } from '../end-to-end/account.js';
import { approves, client, declines, type World, world } from './world.js';

/** Two people are left who are account admin; their ids. */
async function twoAdmins({ account }: World): Promise<readonly string[]> {
  const { id } = await account.scim('Groups', 'platform-admins');
  const { status } = await account.request('DELETE', `${v20}/scim/v2/Groups/${id}`);
  assert.equal(status, 204);
  const names = ['Amara Okafor', 'Jonas Müller'];
  return await Promise.all(names.map(async (name) => (await account.scim('Users', name)).id));
}

const deactivate = { op: 'replace', path: 'active', value: false };

describe('the last two administrators', () => {
  for (const settings of [{}, { DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*' }]) {
    const how = Object.keys(settings).length === 0 ? 'approved' : 'without approval';
    it(`are not both deactivated by calls at the same time, ${how}`, async () => {
      const place = await world(settings);
      const ids = await twoAdmins(place);
      let release = () => {};
      const both = new Promise<void>((resolve) => {
        release = resolve;
      });
      const at = await client(place, 'modern', async (question) => {
        if (at.asked.length === 2) release();
        await both;
        return approves(question);
      });
      place.forget();
      const calls = ids.map((id) => at.call('update_user', { id, Operations: [deactivate] }));
      const codes = (await Promise.all(calls)).map(({ json }) => json.error?.code ?? json.outcome).sort();
      assert.deepEqual(codes, ['SELF_LOCKOUT', 'applied']);
      assert.equal(place.effects().length, 1);
      await at.close();
    });
  }
});

describe('a lock-out that the operator allows', () => {
  it('is shown to the person who approved when it was none yet', async () => {
    const place = await world({ DATABRICKS_MCP_ALLOW_SELF_LOCKOUT: 'true' });
    const [first, second] = await twoAdmins(place);
    const at = await client(place, 'legacy', async (question) => {
      if (at.asked.length > 1) return declines(question);
      const path = `${v20}/scim/v2/Users/${second}`;
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
      const { status } = await place.account.request('PATCH', path, { schemas, Operations: [deactivate] });
      assert.equal(status, 204);
      return approves(question);
    });
    const { json } = await at.call('update_user', { id: first, Operations: [deactivate] });
    assert.equal(json.error?.code, 'DECLINED', JSON.stringify(json));
    assert.deepEqual(
      at.asked.map(({ message }) => message.includes('WARNING: This leaves no active user')),
      [false, true],
    );
    await at.close();
  });
});
