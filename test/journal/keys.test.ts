/** The key of the installation: made once, refused when anyone else may know or choose it. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { createKeys } from '../../src/guard/keys.js';
import { facts, folder, journalIn } from './bench.js';

const posix = { skip: process.platform === 'win32' };

test('the key is made at first need, 32 bytes for the user alone, and stays the same', async () => {
  const state = join(folder(), 'state');
  const first = await createKeys(state).derive('journal');
  assert.equal(first.length, 32);
  const { size, mode } = lstatSync(join(state, 'key'));
  assert.equal(size, 32);
  if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(state), ['key']);
  assert.deepEqual(await createKeys(state).derive('journal'), first);
  assert.deepEqual(await createKeys(state, { create: false }).derive('journal'), first);
});

test('each purpose has a key of its own, and none of them is the one in the file', async () => {
  const state = folder();
  const keys = createKeys(state);
  const all = [await keys.derive('journal'), await keys.derive('approvals'), readFileSync(join(state, 'key'))];
  assert.equal(new Set(all.map((key) => key.toString('hex'))).size, 3);
});

test('many who need it first at the same time get the same key', async () => {
  const state = folder();
  const all = await Promise.all(Array.from({ length: 12 }, () => createKeys(state).derive('journal')));
  assert.equal(new Set(all.map((key) => key.toString('hex'))).size, 1);
});

const moved = (path: string) => {
  renameSync(path, `${path}2`);
  return `${path}2`;
};

for (const [what, spoil, words] of [
  ['readable by the group', (path: string) => chmodSync(path, 0o640), /can be read or written by others/],
  ['writable by others', (path: string) => chmodSync(path, 0o602), /can be read or written by others/],
  ['too short', (path: string) => writeFileSync(path, 'short'), /does not have 32 bytes/],
  ['empty', (path: string) => writeFileSync(path, ''), /does not have 32 bytes/],
  ['a link', (path: string) => symlinkSync(moved(path), path), /is a link/],
  ['a folder', (path: string) => void (moved(path) && mkdirSync(path)), /is no file/],
] as const) {
  test(`a key file that is ${what} is refused, and so is every write`, posix, async () => {
    const state = folder();
    await createKeys(state).derive('journal');
    const path = join(state, 'key');
    spoil(path);
    const secret = readFileSync(existing(path)).toString('hex');
    await assert.rejects(createKeys(state).derive('journal'), (error: Error & { failure?: Record<string, string> }) => {
      assert.deepEqual([error.failure?.kind, error.failure?.code], ['storage', 'KEY']);
      assert.match(error.message, words);
      assert.ok(error.message.includes(path));
      assert.ok(secret === '' || !JSON.stringify(error.failure).includes(secret));
      return true;
    });
    await assert.rejects(journalIn(state).intent(facts()), words);
  });
}

const existing = (path: string) => (lstatSync(path).isFile() ? path : `${path}2`);

test('who only reads does not make a key', async () => {
  const state = folder();
  await assert.rejects(createKeys(state, { create: false }).derive('journal'), /is missing/);
  assert.deepEqual(readdirSync(state), []);
});

test('a key that could not be used is looked for again', posix, async () => {
  const state = folder();
  const good = await createKeys(state).derive('journal');
  chmodSync(join(state, 'key'), 0o644);
  const keys = createKeys(state);
  await assert.rejects(keys.derive('journal'));
  chmodSync(join(state, 'key'), 0o600);
  assert.deepEqual(await keys.derive('journal'), good);
});
