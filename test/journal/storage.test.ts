/** Disks that fail, and what a crash leaves: writes are refused, nothing is made up, and the next append goes on. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { facts, fileIn, folder, journalIn, linesOf, verify } from './bench.js';
import { failingDisk } from './failing-disk.js';

async function begun() {
  const state = folder();
  const entry = await journalIn(state).intent(facts());
  await entry.outcome({ outcome: 'applied', duration_ms: 1 });
  return state;
}

const copyOf = (state: string) => {
  const copy = folder();
  cpSync(state, copy, { recursive: true });
  return copy;
};

/** Steps of one append, and a few more than there are. */
const steps = Array.from({ length: 14 }, (_, index) => index);

for (const start of ['a new journal', 'a journal in use'] as const) {
  for (const code of ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT']) {
    test(`${code} at any step of an append to ${start} refuses the write and leaves no trace of it`, async () => {
      const original = start === 'a new journal' ? folder() : await begun();
      const before = start === 'a new journal' ? 0 : 2;
      let refused = 0;
      for (const after of steps) {
        const state = copyOf(original);
        const { disk, hasFailed } = failingDisk({ after, code, dies: false, half: true });
        const journal = journalIn(state, { disk });
        const ended = await journal.intent(facts()).then(
          () => undefined,
          (error) => error,
        );
        assert.equal(ended !== undefined, hasFailed());
        if (ended === undefined) continue;
        refused += 1;
        assert.deepEqual([ended.failure.kind, ended.failure.sent], ['storage', 'no']);
        assert.match(ended.message, new RegExp(`^Nothing was sent: .*${code}\\)\\.$`));
        assert.equal(existsSync(fileIn(state)) ? linesOf(state).length : 0, before);
        await journal.intent(facts());
        const verdict = await verify(state);
        assert.deepEqual([verdict.finding, verdict.after_crash, verdict.records], [undefined, undefined, before + 1]);
        assert.deepEqual(readdirSync(dirname(fileIn(state))).length, 2);
      }
      assert.ok(refused >= 6, `${refused} steps failed`);
    });
  }

  for (const half of [true, false]) {
    test(`a death at any step of an append to ${start} is no tampering${half ? ', torn lines are cut off' : ''}`, async () => {
      const original = start === 'a new journal' ? folder() : await begun();
      const before = start === 'a new journal' ? 0 : 2;
      let repairs = 0;
      for (const after of steps) {
        const state = copyOf(original);
        const { disk, hasFailed } = failingDisk({ after, code: 'EIO', dies: true, half });
        await journalIn(state, { disk })
          .intent(facts())
          .catch(() => {});
        if (!hasFailed()) continue;
        if (existsSync(`${fileIn(state)}.head`))
          assert.equal((await verify(state)).finding, undefined, `step ${after}`);
        const next = journalIn(state);
        await next.intent(facts());
        const verdict = await verify(state);
        assert.deepEqual([verdict.finding, verdict.after_crash], [undefined, undefined], `step ${after}`);
        const lines = linesOf(state);
        repairs += lines.filter(({ type }) => type === 'repair').length;
        const intents = lines.slice(before).filter(({ type }) => type === 'intent').length;
        assert.ok(intents === 1 || intents === 2, 'the new one, and the one that was cut short if it was whole');
      }
      assert.equal(repairs, half ? 1 : 0);
    });
  }
}

test('a line torn at any byte is told apart from tampering, cut off, and the repair recorded', async () => {
  const state = await begun();
  const donor = copyOf(state);
  const size = statSync(fileIn(donor)).size;
  await journalIn(donor).intent(facts());
  const line = readFileSync(fileIn(donor)).subarray(size);
  for (let length = 1; length < line.length; length += length < 30 ? 1 : 97) {
    const copy = copyOf(state);
    appendFileSync(fileIn(copy), line.subarray(0, length));
    assert.match((await verify(copy)).after_crash ?? '', new RegExp(`unfinished line of ${length} bytes`));
    await journalIn(copy).intent(facts());
    const [repair, intent] = linesOf(copy).slice(2);
    assert.deepEqual([repair?.type, repair?.torn_bytes, intent?.type], ['repair', length, 'intent']);
    assert.equal((await verify(copy)).whole, true);
  }
});

test('a line that the anchor does not know yet is taken in', async () => {
  const state = await begun();
  const head = readFileSync(`${fileIn(state)}.head`);
  await journalIn(state).intent(facts());
  writeFileSync(`${fileIn(state)}.head`, head);
  const verdict = await verify(state);
  assert.deepEqual([verdict.whole, verdict.records], [true, 3]);
  assert.match(verdict.after_crash ?? '', /Record 3 is not in the anchor/);
  await journalIn(state).intent(facts());
  assert.deepEqual([(await verify(state)).records, (await verify(state)).after_crash], [4, undefined]);
});

test('what holds no records does not stand in the way of the first', async () => {
  const state = folder();
  await assert.rejects(journalIn(state).intent(facts(), { risks: ['destructive'], calls: 0, minutes: 1 }));
  rmSync(fileIn(state));
  assert.equal((await verify(state)).whole, true);
  await journalIn(state).intent(facts());
  assert.equal((await verify(state)).records, 1);
});

for (const [what, spoil, words] of [
  [
    'a file stands where its folder belongs',
    (state: string) => writeFileSync(join(state, 'journal'), ''),
    /EEXIST|ENOTDIR/,
  ],
  [
    'a folder stands where its file belongs',
    (state: string) => mkdirSync(fileIn(state), { recursive: true, mode: 0o700 }),
    /EISDIR|anchor is missing/,
  ],
  ['its folder is open to others', (state: string) => mkdirSync(dirname(fileIn(state)), { mode: 0o755 }), /EACCES/],
] as const) {
  test(`when ${what}, writes are refused and events are told of`, async () => {
    const state = folder();
    spoil(state);
    const journal = journalIn(state);
    await assert.rejects(journal.intent(facts()), (error: Error & { failure?: { kind: string } }) => {
      assert.equal(error.failure?.kind, 'storage');
      assert.match(error.message, words);
      assert.ok(error.message.includes(fileIn(state)));
      return true;
    });
    await journal.event('declined', {});
    assert.match(journal.problems.join(), words);
  });
}

test('a folder that is removed while the server runs stops writes, and what was in it is not forgotten', async () => {
  const state = folder();
  const journal = journalIn(state);
  const entry = await journal.intent(facts());
  rmSync(dirname(fileIn(state)), { recursive: true });
  await assert.rejects(
    entry.outcome({ outcome: 'applied', duration_ms: 1 }),
    /The outcome .* the file is missing, which held 1 records/,
  );
});

test('a file rotated away is missed by a process that has not seen it, too', async () => {
  const state = await begun();
  rmSync(fileIn(state));
  await assert.rejects(journalIn(state).intent(facts()), /the file is missing, which held 2 records/);
});
