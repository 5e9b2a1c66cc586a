/**
 * However willing the person is, only so many calls that delete or make secrets go through in a while: over all servers
 * of this account, restarts included. What is over the limit is refused before anybody is asked (S028).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { v20 } from '../end-to-end/account.js';
import { type Asking, approves, client, journal, kinds, policyIn, type World, world } from './world.js';

/** Groups that nobody misses. */
async function spare({ account }: World, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { id } = await account.create(`${v20}/scim/v2/Groups`, { displayName: `spare-${index}` });
    ids.push(id);
  }
  return ids;
}

async function removeAll(at: Asking, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { json } = await at.call('delete_group', { id });
    assert.equal(json.outcome, 'applied', JSON.stringify(json));
  }
}

/** Refused by the limit, with the time until there is room again. */
async function checkRefused(at: Asking, name: string, args: Record<string, unknown>, minutes = 10): Promise<void> {
  const asked = at.asked.length;
  const { json } = await at.call(name, args);
  const { kind, code, retry_after_s: seconds, next, message } = json.error ?? {};
  assert.deepEqual([json.outcome, kind, code], ['not_applied', 'throttled', 'VELOCITY'], JSON.stringify(json));
  assert.match(message, /operator's limit/);
  assert.ok(Number.isInteger(seconds) && seconds > (minutes - 5) * 60 && seconds <= minutes * 60, String(seconds));
  assert.ok(next.includes(`${seconds} s`), next);
  assert.equal(at.asked.length, asked);
}

describe('the limit on destructive calls', () => {
  for (const kind of kinds) {
    it(`refuses the sixth in ten minutes, approved as it would be, and lets other work go on (${kind} client)`, async () => {
      const place = await world();
      const ids = await spare(place, 6);
      const at = await client(place, kind, approves);
      place.forget();
      await removeAll(at, ids.slice(0, 5));
      assert.equal(at.asked.length, 5);
      const sixth = { id: ids[5] };
      await checkRefused(at, 'delete_group', sixth);
      await checkRefused(at, 'delete_budget', { budget_id: 'any' });
      assert.equal(place.effects().length, 5);
      assert.equal((await at.call('get_group', sixth)).failed, false);
      assert.equal((await at.call('create_group', { displayName: 'one more' })).json.outcome, 'applied');
      const { json } = await at.call('delete_group', { ...sixth, dry_run: true });
      assert.equal(json.data.refused.code, 'VELOCITY');
      await at.close();
    });
  }

  it('counts the calls of every server of this home, and of those that have ended', async () => {
    const place = await world();
    const ids = await spare(place, 6);
    const one = await client(place, 'modern', approves);
    const two = await client(place, 'legacy', approves);
    place.forget();
    await removeAll(one, ids.slice(0, 2));
    await removeAll(two, ids.slice(2, 4));
    await one.close();
    await removeAll(two, ids.slice(4, 5));
    await two.close();
    const later = await client(place, 'modern', approves);
    await checkRefused(later, 'delete_group', { id: ids[5] });
    assert.equal(later.asked.length, 0);
    assert.equal(place.effects().length, 5);
    await later.close();
  });

  it('gives the last place to one of many calls that are approved at the same time', async () => {
    const place = await world();
    const ids = await spare(place, 8);
    const clients = await Promise.all([client(place, 'modern', approves), client(place, 'legacy', approves)]);
    place.forget();
    const answers = await Promise.all(
      ids.map((id, index) => (clients[index % 2] as Asking).call('delete_group', { id })),
    );
    const codes = answers.map(({ json }) => json.error?.code ?? json.outcome).sort();
    assert.deepEqual(codes, [...Array(3).fill('VELOCITY'), ...Array(5).fill('applied')]);
    assert.equal(place.effects().length, 5);
    assert.equal(journal(place).filter(({ type }) => type === 'intent').length, 5);
  });

  it('holds where nobody is asked, too', async () => {
    const place = await world({ DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: 'delete_group' });
    const ids = await spare(place, 6);
    const at = await client(place, 'modern', approves);
    place.forget();
    await removeAll(at, ids.slice(0, 5));
    await checkRefused(at, 'delete_group', { id: ids[5] });
    assert.equal(at.asked.length, 0);
    assert.equal(place.effects().length, 5);
    await at.close();
  });
});

describe('the limit on secrets', () => {
  it('refuses the third in ten minutes', async () => {
    const place = await world();
    const { id } = await place.account.scim('ServicePrincipals', 'airflow-prod');
    const at = await client(place, 'modern', approves);
    place.forget();
    const args = { service_principal_id: id, scopes: ['sql'] };
    for (let made = 0; made < 2; made += 1) {
      assert.equal((await at.call('create_service_principal_secret', args)).json.outcome, 'applied');
    }
    await checkRefused(at, 'create_service_principal_secret', args);
    assert.deepEqual([at.asked.length, place.effects().length], [2, 2]);
    await at.close();
  });

  it('is what the operator says', async () => {
    const place = await world();
    const policy = policyIn(place.home, { limits: { secret: { calls: 1, minutes: 60 } } });
    const { id } = await place.account.scim('ServicePrincipals', 'airflow-prod');
    const at = await client({ ...place, settings: { ...place.settings, ...policy } }, 'legacy', approves);
    place.forget();
    const args = { service_principal_id: id, scopes: ['sql'] };
    assert.equal((await at.call('create_service_principal_secret', args)).json.outcome, 'applied');
    await checkRefused(at, 'create_service_principal_secret', args, 60);
    assert.equal(place.effects().length, 1);
    await at.close();
  });
});
