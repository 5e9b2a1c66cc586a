/** Changes and removals whose answer is lost: settled by the state they lead to, sent again at most once. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { actions } from '../../tools/index.js';
import { type Bench, createBench } from './bench.js';

test('every write says how it is settled', () => {
  const without = actions.filter((each) => each.kind === 'http' && each.effect !== 'read' && each.settle === undefined);
  assert.deepEqual(without, []);
});

describe('a change whose answer is lost', () => {
  let bench: Bench;
  let group: string;
  let user: string;
  before(async () => {
    bench = await createBench();
  });
  after(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
    group = (await bench.call('create_group', { displayName: 'lost-change' })).data.id;
    user = String((await bench.first('list_users', { count: 1 })).id);
    bench.sandbox.clearEffects();
  });

  const lose = (method: string, where: { afterHandler?: boolean; times?: number }) =>
    bench.sandbox.addFault({ pattern: `${method} /api/*`, action: 'reset', ...where });

  const rows: Record<string, { method: string; args: () => Promise<Record<string, unknown>> }> = {
    add_group_member: { method: 'PATCH', args: async () => ({ group_id: group, member_id: user }) },
    remove_group_member: {
      method: 'PATCH',
      args: async () => {
        await bench.call('add_group_member', { group_id: group, member_id: user });
        return { group_id: group, member_id: user };
      },
    },
    update_user: {
      method: 'PATCH',
      args: async () => ({ id: user, Operations: [{ op: 'replace', path: 'active', value: false }] }),
    },
    update_group: {
      method: 'PATCH',
      args: async () => ({
        id: group,
        Operations: [{ op: 'add', path: 'roles', value: [{ value: 'account_admin' }] }],
      }),
    },
    delete_group: { method: 'DELETE', args: async () => ({ id: group }) },
    delete_user: { method: 'DELETE', args: async () => ({ id: user }) },
    create_or_update_workspace_permission_assignment: {
      method: 'PUT',
      args: async () => {
        const { workspace_id } = await bench.first('list_workspaces');
        return { workspace_id, principal_id: group, permissions: ['USER'] };
      },
    },
    delete_budget: {
      method: 'DELETE',
      args: async () => ({ budget_id: (await bench.first('list_budgets')).budget_configuration_id }),
    },
    update_log_delivery_config: {
      method: 'PATCH',
      args: async () => ({
        log_delivery_configuration_id: (await bench.first('list_log_delivery_configs', { status: 'ENABLED' }))
          .config_id,
        status: 'DISABLED',
      }),
    },
  };

  for (const [id, { method, args }] of Object.entries(rows)) {
    test(`${id}: lost after the effect, it is seen and not sent again`, async () => {
      const input = await args();
      bench.sandbox.clearEffects();
      lose(method, { afterHandler: true });
      const answer = await bench.call(id, input);
      assert.deepEqual([answer.outcome, bench.sandbox.effects.length], ['applied', 1], JSON.stringify(answer));
    });

    test(`${id}: lost before the effect, it is sent once more`, async () => {
      const input = await args();
      bench.sandbox.clearEffects();
      lose(method, { times: 1 });
      const answer = await bench.call(id, input);
      assert.deepEqual([answer.outcome, bench.sandbox.effects.length], ['applied', 1], JSON.stringify(answer));
      assert.match(answer.note ?? '', /sent again/);
    });
  }

  test('lost each time before the effect, it is unknown after two sends', async () => {
    lose('DELETE', {});
    const answer = await bench.call('delete_group', { id: group });
    assert.deepEqual([answer.outcome, bench.sandbox.effects.length], ['unknown', 0]);
    assert.equal(bench.sandbox.requests.filter(({ method }) => method === 'DELETE').length, 2);
    assert.deepEqual(answer.error?.check, { tool: 'databricks_get_group', arguments: { id: group } });
  });

  test('a caller who gives up leaves, and the write is followed to its end', async () => {
    bench.sandbox.addFault({ pattern: 'DELETE /api/*', action: 'delay', delayMs: 300, afterHandler: true });
    const controller = new AbortController();
    const call = bench.call('delete_group', { id: group }, controller.signal);
    // Not before it has taken effect: looks come first, and giving up during these leaves it unsent.
    while (bench.sandbox.effects.length === 0) await wait(5);
    controller.abort();
    const answer = await call;
    assert.deepEqual([answer.outcome, answer.error?.kind], ['unknown', 'cancelled']);
    await bench.idle();
    assert.equal(bench.sandbox.effects.length, 1);
  });

  test('a caller who gives up while its target is looked at leaves nothing done', async () => {
    bench.sandbox.addFault({ pattern: 'GET /api/*', action: 'delay', delayMs: 50 });
    const controller = new AbortController();
    bench.sandbox.clearRequests();
    const call = bench.call('delete_group', { id: group }, controller.signal);
    while (bench.sandbox.requests.length === 0) await wait(5);
    controller.abort();
    const answer = await call;
    assert.deepEqual([answer.outcome, answer.error?.kind], ['not_applied', 'cancelled']);
    await bench.idle();
    assert.deepEqual(bench.sandbox.effects, []);
  });

  test('the same failing call is answered from memory after five times', async () => {
    const answers = [];
    for (let round = 0; round < 7; round += 1) answers.push(await bench.call('get_user', { id: '404404' }));
    assert.deepEqual(
      answers.map(({ error }) => error?.code),
      [...Array(5).fill('SCIM_404'), 'REPEATED_FAILURE', 'REPEATED_FAILURE'],
    );
    assert.equal(bench.sandbox.requests.filter(({ path }) => path.endsWith('/404404')).length, 5);
  });
});
