/** A person is asked in their client, in both eras of the protocol: what they see, and that only a yes is a yes. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Answer, approves, client, journal, kinds, type Person, type World, world } from './world.js';

/** A user of the account who is nothing special. */
async function somebody({ account }: World): Promise<{ id: string; userName: string }> {
  const { id, userName } = await account.scim('Users', 'Marta Ruiz');
  return { id, userName };
}

for (const kind of kinds) {
  describe(`a ${kind} client that can ask`, () => {
    let place: World;
    before(async () => {
      place = await world();
    });

    it('shows the facts and carries the call out after a yes, once', async () => {
      const user = await somebody(place);
      const group = await place.account.scim('Groups', 'contractors');
      const at = await client(place, kind, approves);
      place.forget();
      const { failed, json } = await at.call('add_group_member', { group_id: group.id, member_id: user.id });
      assert.equal(failed, false, JSON.stringify(json));
      assert.equal(json.outcome, 'applied');
      assert.equal(at.asked.length, 1);
      const { message } = at.asked[0] ?? { message: '' };
      assert.match(message, /^Add Group Member: group "contractors" \(\d+\)$/m);
      assert.match(message, new RegExp(user.userName.replaceAll('.', '\\.')));
      assert.match(message, new RegExp(`^Account: .*${place.sandbox.accountId}`, 'm'));
      assert.match(message, /^Can it be taken back: yes/m);
      assert.deepEqual(
        place.effects().map(({ type, kind: how }) => `${how} ${type}`),
        ['update group_member'],
      );
      const [intent] = journal(place).filter(({ type }) => type === 'intent');
      assert.equal(intent.approval.channel, 'form');
      await at.close();
    });

    const answers: Record<string, Answer> = {
      'a decline': { action: 'decline' },
      'a cancel': { action: 'cancel' },
      'an accept whose box is not ticked': { action: 'accept', content: { approve: false } },
      'an accept with a decision of its own': { action: 'accept', content: { decision: 'approve' } },
      'an accept with words for a yes': { action: 'accept', content: { approve: 'true' } },
      'an accept with nothing in it': { action: 'accept' },
    };
    for (const [what, answer] of Object.entries(answers)) {
      it(`does nothing after ${what}, and says that nothing was sent`, async () => {
        const own = await world();
        const { id } = await somebody(own);
        const at = await client(own, kind, () => answer);
        own.forget();
        const { failed, json } = await at.call('delete_user', { id });
        assert.equal(failed, true);
        assert.equal(json.outcome, 'not_applied');
        assert.equal(json.error.kind, 'approval', JSON.stringify(json));
        assert.match(json.error.message, /Nothing was sent/);
        assert.deepEqual(own.effects(), []);
        assert.equal(at.asked.length, 1);
        await at.close();
      });
    }

    it('is asked again, with what is new, when the target changes while the person thinks', async () => {
      const own = await world();
      const { id } = await somebody(own);
      const admins = await own.account.scim('Groups', 'platform-admins');
      let first = true;
      const changing: Person = async (question) => {
        if (first) {
          first = false;
          const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
          const Operations = [{ op: 'add', path: 'members', value: [{ value: id }] }];
          const path = `/api/2.0/accounts/${own.sandbox.accountId}/scim/v2/Groups/${admins.id}`;
          assert.equal((await own.account.request('PATCH', path, { schemas, Operations })).status, 204);
          own.forget();
          return approves(question);
        }
        return { action: 'decline' };
      };
      const at = await client(own, kind, changing);
      const { json } = await at.call('delete_user', { id });
      assert.equal(json.error.code, 'DECLINED');
      assert.equal(at.asked.length, 2);
      assert.match(at.asked[1]?.message ?? '', /This has changed since you were asked before; nothing was done\./);
      assert.match(at.asked[1]?.message ?? '', /^NEW .*platform-admins/m);
      assert.deepEqual(own.effects(), []);
      await at.close();
    });

    it('has the name typed where much would be lost for good', async () => {
      const own = await world();
      const [metastore] = await own.account.all(`/api/2.0/accounts/${own.sandbox.accountId}/metastores`, 'metastores');
      const at = await client(own, kind, ({ requestedSchema }) => {
        assert.deepEqual(requestedSchema.required, ['approve', 'name']);
        return { action: 'accept', content: { approve: true, name: 'something else' } };
      });
      own.forget();
      const { json } = await at.call('delete_metastore', { metastore_id: metastore.metastore_id, force: true });
      assert.equal(json.error.code, 'NOT_TYPED', JSON.stringify(json));
      assert.deepEqual(own.effects(), []);
      await at.close();
    });

    it('asks nobody about a plan, and does nothing for it', async () => {
      const own = await world();
      const { id, userName } = await somebody(own);
      const at = await client(own, kind, approves);
      own.forget();
      const { json } = await at.call('delete_user', { id, dry_run: true });
      assert.equal(json.dry_run, true);
      assert.equal(json.data.target.name, userName);
      assert.deepEqual(json.data.request, {
        method: 'DELETE',
        path: `/api/2.0/accounts/${own.sandbox.accountId}/scim/v2/Users/${id}`,
      });
      assert.equal(json.data.approval, 'a person is asked first');
      assert.deepEqual(own.effects(), []);
      assert.equal(at.asked.length, 0);
      await at.close();
    });
  });
}
