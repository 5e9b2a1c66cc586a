/** Questions in the shared store: the same for every replica, sealed, decided and ended by one of all who try. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import type { AskedQuestion } from '../../src/guard/approvals.js';
import { createSealing } from '../../src/guard/seal.js';
import { createSharedApprovals } from '../../src/store/approvals.js';
import { keyFor } from '../../src/store/names.js';
import { link, redis, withoutRedis } from './redis.js';

const skip = withoutRedis;

const asked: AskedQuestion = {
  id: 'abcdefghij',
  askedAt: Date.now(),
  action: 'databricks_delete_user',
  label: 'Delete User',
  risk: 'destructive',
  accountId: 'a-1',
  sandbox: false,
  caller: 'token:ci',
  binding: 'b',
  snapshot: 's',
  lines: ['Delete user "ana"'],
};
const decision = { by: 'ana', channel: 'terminal', at: asked.askedAt + 1 };

const sealedWith = (key: number) => createSealing(async () => Buffer.alloc(32, key));

test('what one replica asks and a terminal decides, another sees, and just one of all uses it', { skip }, async (t) => {
  const server = await redis(t);
  const links = await Promise.all([link(t, server), link(t, server), link(t, server)]);
  const [one, two, terminal] = links.map((each) => createSharedApprovals(each, sealedWith(1)));
  assert.ok(one && two && terminal);
  await one.add(asked);
  assert.deepEqual(await two.all(), [{ ...asked, state: 'open' }]);
  const decided = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? terminal : two).approve(asked.id, { ...decision, by: `p${n}` })),
  );
  assert.equal(decided.filter(Boolean).length, 1);
  assert.equal((await one.all())[0]?.state, 'approved');
  const ended = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).end(asked.id, 'used')));
  assert.equal(ended.filter(Boolean).length, 1);
  assert.equal(await terminal.approve(asked.id, decision), false);
  assert.equal((await two.all())[0]?.state, 'used');
  assert.equal(await one.end('nosuchquestion', 'declined'), false);
});

test('a question or a decision that was written without the key is none', { skip }, async (t) => {
  const server = await redis(t);
  const to = await link(t, server);
  const store = createSharedApprovals(to, sealedWith(1));
  const forger = createSharedApprovals(to, sealedWith(2));
  await store.add(asked);
  assert.equal(await forger.approve(asked.id, decision), false);
  await forger.add({ ...asked, id: 'zzzzzzzzzz' });
  const forged = await sealedWith(2).seal(`decision ${asked.id}`, decision);
  await to.run(`return redis.call('HSET', KEYS[1], 'decision', ARGV[1])`, [keyFor('approval', asked.id)], [forged]);
  assert.deepEqual(
    (await store.all()).map(({ id, state }) => [id, state]),
    [[asked.id, 'open']],
  );
  // A decision about another question, moved to this one.
  const other = { ...asked, id: 'yyyyyyyyyy' };
  await store.add(other);
  const moved = await sealedWith(1).seal(`decision ${other.id}`, decision);
  await to.run(`return redis.call('HSET', KEYS[1], 'decision', ARGV[1])`, [keyFor('approval', asked.id)], [moved]);
  assert.equal((await store.all()).find(({ id }) => id === asked.id)?.state, 'open');
});

test('without the store nobody can be asked, and nobody waits for long', { skip }, async (t) => {
  const server = await redis(t);
  const store = createSharedApprovals(await link(t, server, 300), sealedWith(1));
  await store.add(asked);
  const isRefused = (error: unknown) =>
    error instanceof ActionError && error.failure.code === 'STORE' && error.failure.sent === 'no';
  server.freeze();
  await assert.rejects(store.all(), isRefused);
  server.thaw();
  await server.stop();
  for (const attempt of [() => store.add(asked), () => store.all(), () => store.end(asked.id, 'used')]) {
    await assert.rejects(attempt, isRefused);
  }
});
