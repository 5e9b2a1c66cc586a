/** What a journal holds, whatever is in names and arguments. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRedactor } from '../../src/core/redact.js';
import { account, facts, fileIn, folder, journalIn, linesOf, verify } from './bench.js';

test('a write leaves an intent and an outcome that belong together', async () => {
  const state = folder();
  const journal = journalIn(state, { now: () => Date.UTC(2026, 10, 24), instance: 'here' });
  const entry = await journal.intent(
    facts({
      risk: 'destructive',
      client: 'a client 1.0',
      target: { kind: 'user', id: '7', name: 'Ada' },
      approval: { id: 'a1', channel: 'terminal', by: 'root' },
    }),
  );
  await entry.outcome({ outcome: 'applied', duration_ms: 12, request_id: 'r1' });
  const [intent, outcome] = linesOf(state);
  const { prev: _p, mac: _m, pid, host: _h, started: _s, id, ...rest } = intent!;
  assert.equal(pid, process.pid);
  assert.deepEqual(rest, {
    v: 1,
    seq: 1,
    time: '2026-11-24T00:00:00.000Z',
    type: 'intent',
    instance: 'here',
    account_id: account,
    action: 'create_thing',
    risk: 'destructive',
    caller: 'local',
    client: 'a client 1.0',
    arguments: { name: 'a thing' },
    target: { kind: 'user', id: '7', name: 'Ada' },
    approval: { id: 'a1', channel: 'terminal', by: 'root' },
    arguments_sha256: createHash('sha256').update('{"name":"a thing"}').digest('hex'),
    catalogue: 'c0ffee',
  });
  assert.equal(outcome?.id, id);
  assert.equal(outcome?.prev, intent?.mac);
  assert.deepEqual([outcome?.type, outcome?.outcome, outcome?.request_id], ['outcome', 'applied', 'r1']);
  assert.equal((await verify(state)).whole, true);
});

test('the journal and its folder are the user’s alone', { skip: process.platform === 'win32' }, async () => {
  const state = folder();
  await journalIn(state).intent(facts());
  const modes = [fileIn(state), `${fileIn(state)}.head`, dirname(fileIn(state))].map((path) => lstatSync(path).mode);
  assert.deepEqual(
    modes.map((mode) => (mode & 0o777).toString(8)),
    ['600', '600', '700'],
  );
});

test('the hash of arguments does not depend on their order, and a bigint counts with all its digits', async () => {
  const state = folder();
  const journal = journalIn(state);
  await journal.intent(facts({ arguments: { b: 9007199254740993n, a: { d: 1, c: [2, undefined] } } }));
  await journal.intent(facts({ arguments: { a: { c: [2, undefined], d: 1 }, b: 9007199254740993n } }));
  const [first, second] = linesOf(state);
  assert.equal(first?.arguments_sha256, second?.arguments_sha256);
  assert.match(readFileSync(fileIn(state), 'utf8'), /"b":9007199254740993[,}]/);
});

test('any strings make one line of JSON each, and the chain holds', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\n',
      '"},{"seq":9',
      '\u001b[2J',
      '\u2028',
      '\u0085',
      '\ud800',
      '\r\n{"v":1}',
      '__proto__',
      '\u0000',
    ),
  );
  const any = fc.dictionary(hostile, fc.oneof(hostile, fc.array(hostile), fc.dictionary(hostile, hostile)));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(any, hostile), { minLength: 1, maxLength: 4 }), async (writes) => {
      const state = folder();
      const journal = journalIn(state);
      for (const [args, name] of writes) {
        await journal.intent(facts({ arguments: args, caller: name, target: { kind: 'user', id: name, name } }));
        await journal.event(`about ${name}`, args);
      }
      assert.deepEqual(journal.problems, []);
      const text = readFileSync(fileIn(state), 'utf8');
      // Every kind of end of line there is to some reader.
      assert.equal(text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).length, writes.length * 2 + 1);
      assert.ok(!/\p{Cc}/u.test(text.replaceAll('\n', '')));
      assert.deepEqual(
        linesOf(state).map(({ seq }) => seq),
        Array.from({ length: writes.length * 2 }, (_, index) => index + 1),
      );
      assert.equal((await verify(state)).whole, true);
    }),
    { numRuns: 60 },
  );
});

test('credentials are gone before long texts are cut', async () => {
  const state = folder();
  const redactor = createRedactor();
  const secret = `dose${'0123456789abcdef'.repeat(2)}`;
  redactor.add('canary-secret-value-1');
  const journal = journalIn(state, { scrub: redactor.scrubValue });
  const args = { comment: `${'x'.repeat(480)} ${secret}`, 'canary-secret-value-1': ['canary-secret-value-1'] };
  const entry = await journal.intent(facts({ arguments: args, caller: secret }));
  await entry.outcome({ outcome: 'unknown', duration_ms: 1, note: secret });
  await journal.event('secret_returned', { secret });
  const text = readFileSync(fileIn(state), 'utf8');
  assert.ok(!text.includes('canary') && !text.includes('dose0123'), text);
});

test('long texts and long records are cut with a mark', async () => {
  const state = folder();
  const journal = journalIn(state);
  await journal.intent(facts({ arguments: { text: 'y'.repeat(600) } }));
  await journal.intent(facts({ arguments: { list: Array.from({ length: 9_000 }, () => '\u0085'.repeat(9)) } }));
  await journal.intent(facts({ existing: Array.from({ length: 20_000 }, (_, index) => `id-${index}`) }));
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`field ${index}`, index]));
  await journal.event('odd', many);
  assert.deepEqual(journal.problems, []);
  const [first, second, third, fourth] = linesOf(state);
  assert.deepEqual(first?.arguments, { text: `${'y'.repeat(500)}… (100 more)` });
  assert.deepEqual(Object.keys(second?.arguments as object), ['cut_bytes']);
  assert.deepEqual(third?.arguments, { name: 'a thing' });
  assert.deepEqual(Object.keys(third?.existing as object), ['cut_bytes']);
  assert.deepEqual(Object.keys(fourth?.facts as object), ['cut_bytes']);
  const longest = Math.max(
    ...readFileSync(fileIn(state), 'utf8')
      .split('\n')
      .map((line) => Buffer.byteLength(line)),
  );
  assert.ok(longest < 64 * 1024);
});

test('an event cannot pass for a write', async () => {
  const state = folder();
  const journal = journalIn(state);
  for (const type of ['intent', 'outcome', 'repair']) await journal.event(type, { outcome: 'applied' });
  assert.equal(journal.problems.length, 3);
  await journal.event('declined', { type: 'intent', seq: 77, mac: 'x', id: 'y' });
  const [only, ...none] = linesOf(state);
  assert.deepEqual([only?.seq, only?.type, none.length], [1, 'declined', 0]);
});

test('writes without an outcome are named with what is needed to check them', async () => {
  const state = folder();
  const before = journalIn(state, { instance: 'before' });
  const open = await before.intent(
    facts({ check: { tool: 'list_things', arguments: { filter: 'x' } }, existing: ['1', '2'] }),
  );
  const settled = await before.intent(facts());
  await settled.outcome({ outcome: 'unknown', duration_ms: 1 });
  const own = journalIn(state, { instance: 'own' });
  await own.intent(facts());
  const [write, ...none] = await own.unsettled();
  assert.equal(none.length, 0);
  assert.deepEqual(
    [write?.id, write?.check, write?.existing, write?.running, write?.why],
    [open.id, { tool: 'list_things', arguments: { filter: 'x' } }, ['1', '2'], true, 'crashed'],
  );
});
