/** Several processes on one journal, and processes that are killed while they write to it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { account, facts, fileIn, folder, journalIn, linesOf, startWriter, verify } from './bench.js';

for (const writers of [2, 5]) {
  test(`${writers} processes that add 200 records each leave one whole chain`, async () => {
    const state = folder();
    const all = Array.from({ length: writers }, () => startWriter(state, account, 'append', '200'));
    assert.deepEqual(
      await Promise.all(all.map(({ closed }) => closed)),
      all.map(() => 0),
    );
    const lines = linesOf(state);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      Array.from({ length: writers * 200 }, (_, index) => index + 1),
    );
    const verdict = await verify(state);
    assert.deepEqual([verdict.finding, verdict.after_crash, verdict.records], [undefined, undefined, writers * 200]);
    const done = lines.filter(({ type }) => type === 'outcome').map(({ id }) => id);
    const said = all.flatMap((each) => each.said).filter((line) => line.startsWith('settled '));
    assert.deepEqual(new Set(said.map((line) => line.slice(8))), new Set(done));
    assert.deepEqual(readdirSync(dirname(fileIn(state))).sort(), [`${account}.jsonl`, `${account}.jsonl.head`]);
  });
}

test('five processes together never exceed a limit that only they together reach', async () => {
  const state = folder();
  const all = Array.from({ length: 5 }, () => startWriter(state, account, 'places', '5'));
  await Promise.all(all.map(({ closed }) => closed));
  const said = all.flatMap((each) => each.said);
  assert.deepEqual(
    [said.filter((line) => line === 'taken').length, said.filter((line) => line === 'refused VELOCITY').length],
    [7, 18],
  );
  assert.equal(linesOf(state).length, 7);
});

const kills = Number(process.env.JOURNAL_KILLS ?? 60);

test(`after each of ${kills} deaths the journal is whole and names what is unknown`, { timeout: 600_000 }, async () => {
  const state = folder();
  const effects: string[] = [];
  const settled: string[] = [];
  const wanted = (said: readonly string[], word: string) =>
    said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  for (let round = 0; round < kills; round += 1) {
    // Two at a time, so that a death also finds others waiting for the lock.
    const pair = [startWriter(state, account, 'endless'), startWriter(state, account, 'endless')];
    for (const { until, child } of pair) {
      await until((said) => said.length > 1);
      await wait(Math.random() * 12);
      child.kill('SIGKILL');
    }
    await Promise.all(pair.map(({ closed }) => closed));
    for (const { said } of pair) {
      assert.deepEqual(wanted(said, 'problem'), []);
      effects.push(...wanted(said, 'effect'));
      settled.push(...wanted(said, 'settled'));
    }
    const { finding } = await verify(state);
    assert.equal(finding, undefined, `round ${round}`);
  }
  // The next start: writes on, whatever the last death left.
  const journal = journalIn(state);
  await (await journal.intent(facts())).outcome({ outcome: 'applied', duration_ms: 1 });
  assert.deepEqual((await verify(state)).after_crash, undefined);
  const lines = linesOf(state);
  const intents = lines.filter(({ type }) => type === 'intent').map(({ id }) => id);
  const outcomes = new Set(lines.filter(({ type }) => type === 'outcome').map(({ id }) => id));
  assert.deepEqual(
    effects.filter((id) => !intents.includes(id)),
    [],
    'every effect has an intent',
  );
  assert.deepEqual(
    settled.filter((id) => !outcomes.has(id)),
    [],
    'every outcome that was told is there',
  );
  const unsettled = await journal.unsettled();
  assert.ok(unsettled.length > 0, 'some deaths came between intent and outcome');
  assert.deepEqual(
    unsettled.map(({ id, running }) => ({ id, running })),
    intents.filter((id) => !outcomes.has(id)).map((id) => ({ id, running: false })),
  );
});

test('a write of a process that still lives is said to be running', async () => {
  const state = folder();
  const writer = startWriter(state, account, 'append', '2');
  await writer.closed;
  const living = startWriter(state, account, 'open');
  await living.until((said) => said.length > 0);
  const look = async () => (await journalIn(state).unsettled()).map(({ running }) => running);
  assert.deepEqual(await look(), [true]);
  living.child.kill('SIGKILL');
  await living.closed;
  assert.deepEqual(await look(), [false]);
});

test('the lock of a living process is respected, and the refusal names it', { timeout: 60_000 }, async () => {
  const state = folder();
  const holder = startWriter(state, account, 'hold');
  await holder.until((said) => said.includes('held'));
  const journal = journalIn(state);
  const lock = `${fileIn(state)}.lock`;
  // All at once: each has the same patience, not one after another.
  const refused = await Promise.allSettled([journal.intent(facts()), journal.intent(facts())]);
  for (const each of refused) {
    assert.equal(each.status, 'rejected');
    const { failure } = (each as PromiseRejectedResult).reason;
    assert.deepEqual([failure.kind, failure.code, failure.retryable], ['storage', 'LOCKED', true]);
    assert.ok(failure.message.includes(`${lock} is held by process ${holder.child.pid} on `), failure.message);
  }
  assert.ok(!existsSync(fileIn(state)));
  holder.child.kill('SIGKILL');
  await holder.closed;
  assert.ok(existsSync(lock));
  await journal.intent(facts());
  assert.equal((await verify(state)).whole, true);
});
