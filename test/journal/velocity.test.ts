/** The limit on how many writes of a kind there may be in some minutes. */
import assert from 'node:assert/strict';
import { appendFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { tailLimit } from '../../src/guard/journal/tail.js';
import { facts, fileIn, folder, journalIn, linesOf } from './bench.js';

const start = Date.UTC(2026, 10, 24);
const limit = { risks: ['destructive', 'privilege'], calls: 3, minutes: 10 } as const;

function bench() {
  const state = folder();
  const clock = { seconds: 0 };
  const journal = journalIn(state, { now: () => start + clock.seconds * 1_000 });
  const write = async (risk: 'write' | 'destructive' | 'privilege', seconds: number) => {
    clock.seconds = seconds;
    return await journal.intent(facts({ risk }), limit).then(
      () => 'recorded',
      (error: unknown) => (error instanceof ActionError ? error.failure : assert.fail(String(error))),
    );
  };
  return { state, clock, journal, write };
}

test('the call over the limit is refused with the time until the oldest leaves, and nothing is recorded', async () => {
  const { state, write } = bench();
  for (const [seconds, risk] of [
    [0, 'destructive'],
    [60, 'privilege'],
    [61, 'destructive'],
  ] as const) {
    assert.equal(await write(risk, seconds), 'recorded');
  }
  const refused = await write('destructive', 100);
  assert.ok(typeof refused !== 'string');
  assert.deepEqual(
    [refused.kind, refused.code, refused.retryAfterSeconds, refused.retryable, refused.sent],
    ['throttled', 'VELOCITY', 500, true, 'no'],
  );
  assert.match(refused.message, /limit of 3 destructive or privilege calls in 10 min is used up/);
  assert.equal(linesOf(state).length, 3);
  assert.notEqual(await write('destructive', 599), 'recorded');
  assert.equal(await write('destructive', 600), 'recorded');
  const next = await write('destructive', 601);
  assert.equal(typeof next === 'string' ? next : next.retryAfterSeconds, 59);
});

test('long records in between do not push those that count out of sight', async () => {
  const { state, journal, write } = bench();
  for (let count = 0; count < 3; count += 1) assert.equal(await write('destructive', 1), 'recorded');
  const long = Array.from({ length: 110 }, () => 'x'.repeat(500));
  while (statSync(fileIn(state)).size < tailLimit + 500_000)
    await journal.intent(facts({ risk: 'write', arguments: long }));
  assert.equal((await journal.recent(['destructive'], 10)).length, 3);
  assert.notEqual(await write('destructive', 2), 'recorded');
});

test('other risks take no place, and a limit of none lets none through', async () => {
  const { write, journal } = bench();
  for (let count = 0; count < 3; count += 1) await journal.intent(facts({ risk: 'write' }));
  for (let count = 0; count < 3; count += 1) assert.equal(await write('destructive', 1), 'recorded');
  await assert.rejects(
    journal.intent(facts({ risk: 'write' }), { risks: ['write'], calls: 0, minutes: 1 }),
    (error: unknown) => error instanceof ActionError && !error.failure.retryable,
  );
});

test('recent intents come newest last, by any process, with outcomes and broken lines passed over', async () => {
  const { state, journal, clock } = bench();
  for (const seconds of [0, 30, 200]) {
    clock.seconds = seconds;
    const entry = await journal.intent(facts({ risk: 'destructive', action: `at ${seconds}` }));
    await entry.outcome({ outcome: 'applied', duration_ms: 1 });
    await journalIn(state, { now: () => start + seconds * 1_000 }).intent(facts({ risk: 'privilege' }));
  }
  appendFileSync(fileIn(state), 'not json\n{"type":"intent"');
  clock.seconds = 310;
  const recent = await journal.recent(['destructive'], 5);
  assert.deepEqual(
    recent.map(({ time }) => time),
    [30, 200].map((seconds) => start + seconds * 1_000),
  );
});

test('times to come, left by a clock that was set back, count within the span and no further', async () => {
  const { journal, clock } = bench();
  for (const seconds of [100_000, 400, 50]) {
    clock.seconds = seconds;
    await journal.intent(facts({ risk: 'destructive', action: `at ${seconds}` }));
  }
  clock.seconds = 60;
  const recent = await journal.recent(['destructive'], 10);
  assert.deepEqual(
    recent.map(({ time }) => time),
    [400, 50].map((seconds) => start + seconds * 1_000),
  );
});
