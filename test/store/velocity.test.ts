/** The limit of risky calls over replicas: exact, whoever asks at the same time, and closed where it cannot be asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { createSharedVelocity } from '../../src/store/velocity.js';
import { link, redis, withoutRedis } from './redis.js';

const skip = withoutRedis;
const limit = { risks: ['destructive'], calls: 5, minutes: 10 } as const;
const codeOf = (error: unknown) => (error instanceof ActionError ? error.failure.code : String(error));

test('of many calls at the same time over three replicas just as many go as the limit says', { skip }, async (t) => {
  const server = await redis(t);
  const replicas = await Promise.all([1, 2, 3].map(async () => createSharedVelocity(await link(t, server), 'account')));
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      replicas[n % 3]?.take('destructive', limit).then(
        () => 'taken',
        (error: unknown) => codeOf(error),
      ),
    ),
  );
  assert.equal(results.filter((each) => each === 'taken').length, 5);
  assert.equal(results.filter((each) => each === 'VELOCITY').length, 25);
  await assert.rejects(replicas[0]?.check(limit) ?? Promise.resolve(), (error: unknown) => {
    assert.ok(error instanceof ActionError);
    const { retryAfterSeconds = 0, retryable, sent } = error.failure;
    assert.deepEqual([retryable, sent], [true, 'no']);
    return retryAfterSeconds > 590 && retryAfterSeconds <= 600;
  });
});

test('risks and accounts have limits of their own, and what is given back can be taken again', { skip }, async (t) => {
  const to = await link(t, await redis(t));
  const one = createSharedVelocity(to, 'one');
  const single = { ...limit, calls: 1 };
  const giveBack = await one.take('destructive', single);
  await createSharedVelocity(to, 'two').take('destructive', single);
  await one.take('secret', { ...single, risks: ['secret'] });
  await assert.rejects(one.take('destructive', single), (error) => codeOf(error) === 'VELOCITY');
  await giveBack();
  await one.check(single);
  // What the server does of its own accord counts without being refused.
  await one.take('destructive');
  await one.take('destructive');
  await assert.rejects(one.check(single), (error) => codeOf(error) === 'VELOCITY');
});

test('a limit that cannot be checked lets nothing through', { skip }, async (t) => {
  const server = await redis(t);
  const velocity = createSharedVelocity(await link(t, server, 300), 'account');
  await server.stop();
  await assert.rejects(velocity.check(limit), (error) => codeOf(error) === 'STORE');
  await assert.rejects(velocity.take('destructive', limit), (error) => codeOf(error) === 'STORE');
});
