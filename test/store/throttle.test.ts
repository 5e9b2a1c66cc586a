/** One caller's share over replicas: messages, calls and streams; and each for itself where the store is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createThrottle, type Throttle } from '../../src/http/throttle.js';
import { createSharedThrottle } from '../../src/store/throttle.js';
import { link, type Redis, redis, withoutRedis } from './redis.js';

const skip = withoutRedis;
const limits = { rate: 0.001, burst: 10, calls: 3, streams: 2 };

async function replica(t: Parameters<typeof link>[0], server: Redis, given = limits): Promise<Throttle> {
  return createSharedThrottle(
    await link(t, server, 300),
    given,
    createThrottle(given, () => 0),
  );
}

const nameOf = (admission: Awaited<ReturnType<Throttle['enter']>>) =>
  'refused' in admission ? admission.refused : 'in';

test('messages to any replica come out of one bucket', { skip }, async (t) => {
  const server = await redis(t);
  const replicas = await Promise.all([replica(t, server), replica(t, server)]);
  const all = await Promise.all(
    Array.from({ length: 16 }, async (_, n) => nameOf(await (replicas[n % 2] as Throttle).enter('ann', 1, 'none'))),
  );
  assert.equal(all.filter((each) => each === 'in').length, 10);
  assert.equal(all.filter((each) => each === 'rate').length, 6);
  assert.equal(nameOf(await (replicas[0] as Throttle).enter('bob', 1, 'none')), 'in');
});

test('places among calls and streams are counted over replicas and come back when they are left', {
  skip,
}, async (t) => {
  const server = await redis(t);
  const [one, two] = [await replica(t, server), await replica(t, server)];
  const held = [
    await one.enter('ann', 0, 'call'),
    await two.enter('ann', 0, 'call'),
    await one.enter('ann', 0, 'call'),
  ];
  assert.deepEqual(held.map(nameOf), ['in', 'in', 'in']);
  assert.equal(nameOf(await two.enter('ann', 0, 'call')), 'calls');
  assert.equal(nameOf(await two.enter('ann', 0, 'stream')), 'in');
  for (const each of held) if ('leave' in each) each.leave();
  let last = 'calls';
  // Leaving is told without waiting for it.
  for (let tries = 0; tries < 100 && last === 'calls'; tries += 1) {
    last = nameOf(await two.enter('ann', 0, 'call'));
    if (last === 'calls') await wait(10);
  }
  assert.equal(last, 'in');
});

test('without the store a replica counts for itself', { skip }, async (t) => {
  const server = await redis(t);
  const one = await replica(t, server);
  await server.stop();
  const all: string[] = [];
  for (let n = 0; n < 12; n += 1) all.push(nameOf(await one.enter('ann', 1, 'none')));
  assert.deepEqual(all, [...Array(10).fill('in'), 'rate', 'rate']);
});
