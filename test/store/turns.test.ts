/** Turns of changes that could lock out: one at a time over replicas, and none for a replica that lost its lease. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ActionError } from '../../src/core/errors.js';
import { createSharedTurns, turnTimes } from '../../src/store/turns.js';
import { link, redis, withoutRedis } from './redis.js';

const skip = withoutRedis;
const codeOf = (error: unknown) => (error instanceof ActionError ? error.failure.code : String(error));

test('over replicas no two turns are held at the same time, and all come', { skip }, async (t) => {
  const server = await redis(t);
  const now = () => performance.now();
  const replicas = await Promise.all(
    [1, 2, 3].map(async () => createSharedTurns(await link(t, server), 'account', now, { ...turnTimes, again: 2 })),
  );
  let held = 0;
  let most = 0;
  const work = async () => {
    held += 1;
    most = Math.max(most, held);
    await wait(3);
    held -= 1;
    return 'done';
  };
  const all = await Promise.all(Array.from({ length: 15 }, (_, n) => replicas[n % 3]?.inTurn(work)));
  assert.deepEqual(all, Array(15).fill('done'));
  assert.equal(most, 1);
});

test('who waits too long sends nothing, and a failure gives the turn back', { skip }, async (t) => {
  const server = await redis(t);
  const to = await link(t, server);
  let time = 0;
  const turns = createSharedTurns(to, 'account', () => time, { ...turnTimes, again: 1 });
  const impatient = createSharedTurns(await link(t, server), 'account', () => (time += 30_000), {
    ...turnTimes,
    again: 1,
  });
  const failure = await turns
    .inTurn(async () => {
      await assert.rejects(
        impatient.inTurn(async () => assert.fail('it is not its turn')),
        (error) => codeOf(error) === 'TURN',
      );
      throw new Error('planned');
    })
    .catch(String);
  assert.equal(failure, 'Error: planned');
  time = 0;
  assert.equal(await turns.inTurn(async () => 'next'), 'next');
});

test('a holder that could not renew its lease is told before it sends', { skip }, async (t) => {
  const server = await redis(t);
  let time = 0;
  const turns = createSharedTurns(await link(t, server, 200), 'account', () => time);
  await turns.inTurn(async (check) => {
    check();
    time = turnTimes.lease;
    assert.throws(check, (error) => codeOf(error) === 'TURN');
  });
  await server.stop();
  await assert.rejects(
    turns.inTurn(async () => assert.fail('nobody knows whose turn it is')),
    (error) => codeOf(error) === 'STORE',
  );
});
