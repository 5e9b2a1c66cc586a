/** Whatever is done to a journal behind its back is found, and where. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { account, facts, fileIn, folder, journalIn, verify } from './bench.js';

const other = '99999999-2222-4333-8444-555555555555';
const state = folder();
const foreign = folder();
const file = fileIn(state);
const head = `${file}.head`;
let whole: Buffer;
let anchor: Buffer;
const anchors: Buffer[] = [];
let alien: { readonly file: Buffer; readonly head: Buffer };
let neighbour: { readonly file: Buffer; readonly head: Buffer };

const read = (path: string) => ({ file: readFileSync(path), head: readFileSync(`${path}.head`) });

async function fill(where: string, accountId: string, records: number, onEach: () => void = () => {}) {
  const journal = journalIn(where, { accountId });
  for (let done = 0; done < records; done += 2) {
    const entry = await journal.intent(facts({ arguments: { name: `näme ${done}`, n: done } }));
    onEach();
    await entry.outcome({ outcome: 'applied', duration_ms: done });
    onEach();
  }
}

before(async () => {
  await fill(state, account, 20, () => anchors.push(readFileSync(head)));
  await fill(state, other, 20);
  await fill(foreign, account, 20);
  ({ file: whole, head: anchor } = read(file));
  neighbour = read(fileIn(state, other));
  alien = read(fileIn(foreign));
});

/** Judges the journal as it would be, and puts it back. */
async function judged(text: Buffer | undefined, headText: Buffer | undefined = anchor) {
  const put = (path: string, bytes: Buffer | undefined) =>
    bytes === undefined ? rmSync(path, { force: true }) : writeFileSync(path, bytes);
  put(file, text);
  put(head, headText);
  try {
    return await verify(state);
  } finally {
    put(file, whole);
    put(head, anchor);
  }
}

const linesIn = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    lines.push(bytes.subarray(from, end + 1));
    from = end + 1;
  }
  return lines;
};

const remade = (path: string) => {
  rmSync(path);
  return path;
};

const changed = (bytes: Buffer, at: number, to: (byte: number) => number) => {
  const copy = Buffer.from(bytes);
  copy[at] = to(copy[at] ?? 0) & 0xff;
  return copy;
};

test('the journal that is changed below is whole', async () => {
  const verdict = await judged(whole);
  assert.deepEqual([verdict.whole, verdict.records, verdict.finding], [true, 20, undefined]);
});

test('a thousand random changes are all found, none of them later than it stands', async () => {
  const lines = linesIn(whole);
  const nth = fc.nat(lines.length - 1);
  type Change = { readonly what: string; readonly text: Buffer; readonly head?: Buffer; readonly first: number };
  const lineOf = (at: number) => whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  const joined = (parts: readonly Buffer[]) => Buffer.concat([...parts]);
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => ({
      what: `byte ${at} xor ${by}`,
      text: changed(whole, at, (byte) => byte ^ by),
      first: lineOf(at),
    })),
    fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => ({
      what: `byte ${byte} inserted at ${at}`,
      text: joined([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at)]),
      first: lineOf(at),
    })),
    fc.nat(whole.length - 1).map((at) => ({
      what: `byte ${at} removed`,
      text: joined([whole.subarray(0, at), whole.subarray(at + 1)]),
      first: lineOf(at),
    })),
    nth.map((n) => ({ what: `line ${n} deleted`, text: joined(lines.toSpliced(n, 1)), first: n + 1 })),
    fc
      .tuple(nth, nth)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({
        what: `lines ${a} and ${b} swapped`,
        text: joined(lines.with(a, lines[b] as Buffer).with(b, lines[a] as Buffer)),
        first: Math.min(a, b) + 1,
      })),
    fc.tuple(nth, nth).map(([from, to]) => ({
      what: `line ${from} again at ${to}`,
      text: joined(lines.toSpliced(to, 0, lines[from] as Buffer)),
      // Where the line itself stands, its double is the line after it.
      first: to + 1 + (from === to ? 1 : 0),
    })),
    nth.map((n) => ({ what: `line ${n} at the end again`, text: joined([...lines, lines[n] as Buffer]), first: 21 })),
    fc.nat(whole.length - 1).map((at) => ({
      what: `cut at byte ${at}`,
      text: whole.subarray(0, at),
      first: lineOf(at),
    })),
    nth.map((n) => ({ what: `cut after ${n} lines`, text: joined(lines.slice(0, n)), first: n + 1 })),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean()).map(([bytes, ends]) => ({
      what: `${bytes.length} bytes appended`,
      text: joined([whole, Buffer.from([0x78, ...bytes, ...(ends ? [0x0a] : [])])]),
      first: 21,
    })),
    fc.tuple(nth, fc.constantFrom(alien, neighbour)).map(([n, from]) => ({
      what: `line ${n} from another journal`,
      text: joined(lines.with(n, linesIn(from.file)[n] as Buffer)),
      first: n + 1,
    })),
    fc.tuple(nth, fc.constantFrom(alien, neighbour)).map(([n, from]) => ({
      what: `another journal up to line ${n}`,
      text: joined([...linesIn(from.file).slice(0, n + 1), ...lines.slice(n + 1)]),
      first: 1,
    })),
    fc.nat(anchors.length - 3).map((n) => ({
      what: `anchor of ${n + 1} records`,
      text: whole,
      head: anchors[n] as Buffer,
      first: n + 2,
    })),
    fc.tuple(fc.nat(anchor.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => ({
      what: `anchor byte ${at} xor ${by}`,
      text: whole,
      head: changed(anchor, at, (byte) => byte ^ by),
      first: 20,
    })),
  );
  const seed = Number(process.env.JOURNAL_SEED ?? randomInt(2 ** 31));
  process.stderr.write(`JOURNAL_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(change, async ({ what, text, head: headText, first }) => {
      if (text.equals(whole) && headText === undefined) return;
      const { finding } = await judged(text, headText);
      assert.ok(finding !== undefined, what);
      assert.ok(finding.seq <= first, `${what}: found at ${finding.seq}, stands at ${first}`);
      assert.match(finding.problem, /^[A-Z][ -~]+\.$/, 'nothing of the file is repeated');
    }),
    { numRuns: 1_000, seed },
  );
});

for (const [what, seq, problem, make] of [
  ['a line changed', 3, /was changed/, () => [changed(whole, linesIn(whole)[0]!.length * 2 + 30, (byte) => byte ^ 1)]],
  ['a byte that is no UTF-8', 1, /not UTF-8/, () => [changed(whole, 30, () => 0xff)]],
  ['a line missing', 4, /Record 4 is missing: record 5/, () => [Buffer.concat(linesIn(whole).toSpliced(3, 1))]],
  ['the end missing', 18, /records 18 to 20/, () => [Buffer.concat(linesIn(whole).slice(0, 17))]],
  ['everything missing', 1, /records 1 to 20/, () => [Buffer.alloc(0)]],
  ['the file missing', 1, /file is missing, which held 20/, () => [undefined]],
  [
    'a line again',
    6,
    /Record 5 stands here again/,
    () => [Buffer.concat(linesIn(whole).toSpliced(5, 0, linesIn(whole)[4]!))],
  ],
  ['a line added', 21, /added after the last/, () => [Buffer.concat([whole, Buffer.from('{"v":1,"seq":3')])]],
  ['the journal of another account', 1, /another account/, () => [neighbour.file, neighbour.head]],
  ['the journal of another key', 1, /was changed, or was not written with the key/, () => [alien.file, alien.head]],
  ['the anchor of another account', 20, /anchor.*not the one/, () => [whole, neighbour.head]],
  ['an old anchor', 11, /older than the journal: it says 10/, () => [whole, anchors[9]]],
] as const satisfies readonly (readonly [string, number, RegExp, () => readonly (Buffer | undefined)[]])[]) {
  test(`${what}: it says so, with the first record concerned`, async () => {
    const [text, headText] = make();
    const { finding, whole: isWhole } = await judged(text, headText);
    assert.equal(isWhole, false);
    assert.equal(finding?.seq, seq);
    assert.match(finding?.problem ?? '', problem);
  });
}

test('a missing anchor is found', async () => {
  rmSync(head);
  try {
    assert.match((await verify(state)).finding?.problem ?? '', /anchor \(\.head\) is missing/);
  } finally {
    writeFileSync(head, anchor);
  }
});

for (const [what, spoil] of [
  ['shorter than its anchor says', (path: string) => writeFileSync(path, whole.subarray(0, -1))],
  ['missing', (path: string) => rmSync(path)],
  ['without its anchor', (path: string) => rmSync(`${path}.head`)],
  ['with an anchor that was changed', (path: string) => writeFileSync(`${path}.head`, '{}\n')],
  ['replaced by one that is as long', (path: string) => writeFileSync(path, Buffer.alloc(whole.length, 0x78))],
  ['longer by a line of its own', (path: string) => writeFileSync(path, '{}\n', { flag: 'a' })],
  ['replaced by a folder', (path: string) => cpSync(foreign, remade(path), { recursive: true })],
] as const) {
  test(`a journal that is ${what} takes no further write`, async () => {
    const copy = folder();
    cpSync(state, copy, { recursive: true });
    spoil(fileIn(copy));
    const journal = journalIn(copy);
    await assert.rejects(journal.intent(facts()), (error: Error & { failure?: Record<string, string> }) => {
      assert.equal(error.failure?.kind, 'storage');
      assert.match(error.message, /^Nothing was sent: the write cannot be recorded\. The journal /);
      assert.ok(error.message.includes(fileIn(copy)));
      assert.match(error.failure?.next ?? '', /audit verify|writable/);
      return true;
    });
    await journal.event('declined', {});
    assert.equal(journal.problems.length, 1);
  });
}

test('a process notices when file and anchor are both put back to what they were', async () => {
  const copy = folder();
  cpSync(state, copy, { recursive: true });
  const journal = journalIn(copy);
  await journal.intent(facts());
  cpSync(state, copy, { recursive: true });
  await assert.rejects(journal.intent(facts()), /its anchor says 20 records, but there were 21/);
  rmSync(fileIn(copy));
  rmSync(`${fileIn(copy)}.head`);
  await assert.rejects(journal.intent(facts()), /the file is missing, which held 21 records/);
});
