/** The table of sessions: room for each caller, none for more than the limits, and an end for what nobody uses. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createSessionTable } from '../../src/mcp/sessions.js';

describe('the table of sessions', () => {
  const limits = { all: 5, perCaller: 3, idleTime: 1_000_000 };
  const bench = (given = limits) => {
    const closed: string[] = [];
    const table = createSessionTable(given, () => performance.now());
    const add = (caller: string) =>
      table.add(async (id) => {
        const serve = async () => new Response();
        return { door: 'http', caller, owner: caller, serve, close: async () => void closed.push(id) };
      }, caller);
    return { table, add, closed };
  };

  it('makes room for a caller by ending the oldest of its own that nobody uses', async () => {
    const { table, add, closed } = bench();
    const [first = '', second = '', third] = [await add('ann'), await add('ann'), await add('ann')];
    const release = table.use(first);
    assert.notEqual(await add('ann'), undefined);
    assert.deepEqual(closed, [second]);
    assert.notEqual(await table.find(third ?? '', 'http', 'ann'), undefined);
    release();
    await table.close();
  });

  it('has no room where all sessions of a caller are in use, or all places are taken by others', async () => {
    const { table, add } = bench();
    for (const id of [await add('ann'), await add('ann'), await add('ann')]) table.use(id ?? '');
    assert.equal(await add('ann'), undefined);
    assert.notEqual(await add('ben'), undefined);
    assert.notEqual(await add('ben'), undefined);
    assert.equal(await add('cid'), undefined);
    await table.close();
  });

  it('holds no more than its limit when many come at once', async () => {
    const { table, add, closed } = bench();
    const ids = await Promise.all(Array.from({ length: 100 }, () => add('ann')));
    const left = await Promise.all(ids.map((id) => table.find(id ?? '', 'http', 'ann')));
    assert.ok(left.filter((session) => session !== undefined).length <= limits.perCaller);
    await table.close();
    assert.equal(new Set(closed).size, ids.filter((id) => id !== undefined).length);
  });

  it('ends what nobody uses for a while, and nothing that is in use', async () => {
    const { table, add, closed } = bench({ ...limits, idleTime: 20 });
    const [idle = '', used = ''] = [await add('ann'), await add('ann')];
    table.use(used);
    // The table's own timer keeps no process alive.
    while (closed.length === 0) await wait(5);
    assert.deepEqual(closed, [idle]);
    assert.equal(await table.find(idle, 'http', 'ann'), undefined);
    assert.notEqual(await table.find(used, 'http', 'ann'), undefined);
    await table.close();
  });
});
