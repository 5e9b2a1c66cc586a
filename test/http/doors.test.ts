/** Clients of every kind at the doors of HTTP: list, read, write, ask, decline, cancel, progress, errors, list changes. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { v20 } from '../end-to-end/account.js';
import { approves, declines, type Person } from '../trust/world.js';
import { kinds, type Place, place, visitor } from './place.js';

for (const kind of kinds) {
  describe(`a ${kind} client`, () => {
    let here: Place;
    before(async () => {
      here = await place();
    });

    it('lists what is open, reads, and is told of an unknown tool and of wrong arguments', async () => {
      const { call, names, callWith } = await visitor(here, kind);
      assert.ok((await names()).includes('databricks_delete_user'));
      const { json } = await call('list_users', { count: 2 });
      assert.equal(json.account_id, here.sandbox.accountId);
      assert.equal(json.data.length, 2);
      assert.equal((await call('get_user', { nope: 1 })).json.error.kind, 'input');
      await assert.rejects(callWith('nothing', {}), /Unknown tool/);
    });

    it('makes a change once and the journal names its caller', async () => {
      const { call } = await visitor(here, kind, { name: `writer-${kind}` });
      here.sandbox.clearEffects();
      assert.equal((await call('create_group', { displayName: `made by ${kind}` })).json.outcome, 'applied');
      assert.equal(here.sandbox.effects.length, 1);
      assert.equal(here.journal().findLast(({ type }) => type === 'intent').caller, `token:writer-${kind}`);
    });

    it('asks its user before what is risky, and does it after the yes only', async () => {
      const { id } = await anyUser(here);
      here.sandbox.clearEffects();
      const no = await visitor(here, kind, {}, declines);
      assert.equal((await no.call('delete_user', { id })).json.error.code, 'DECLINED');
      assert.equal(no.asked.length, 1);
      assert.deepEqual(here.sandbox.effects, []);

      const yes = await visitor(here, kind, { name: 'ben' }, approves);
      assert.equal((await yes.call('delete_user', { id })).json.outcome, 'applied');
      assert.equal(yes.asked.length, 1);
      assert.equal(here.sandbox.effects.length, 1);
    });

    it('gives a call up: what it waits for ends, and nothing is sent', async () => {
      const { id } = await anyUser(here);
      here.sandbox.clearEffects();
      const giveUp = new AbortController();
      const thinks: Person = async () => {
        giveUp.abort();
        return { action: 'accept', content: { approve: true } };
      };
      const { callWith } = await visitor(here, kind, { name: 'cid' }, thinks);
      await assert.rejects(callWith('delete_user', { id }, { signal: giveUp.signal }));
      await here.doors.idle();
      assert.deepEqual(here.sandbox.effects, []);
    });

    it('sees the progress of a long call', async () => {
      const { callWith } = await visitor(here, kind);
      const seen: number[] = [];
      await callWith('list_users', { all: true, count: 1 }, { onprogress: ({ progress }) => seen.push(progress) });
      assert.ok(seen.length > 0);
      assert.deepEqual(
        seen,
        [...seen].sort((one, other) => one - other),
      );
    });
  });
}

/** Somebody who may be deleted: another one after each deletion. */
async function anyUser({ account }: Place) {
  const { Resources } = await account.get(`${v20}/scim/v2/Users?count=1000`);
  return Resources.at(-1);
}
