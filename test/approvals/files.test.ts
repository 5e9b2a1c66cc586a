/** Questions as files: private, sealed, and refused where somebody has touched them or the folder cannot be used. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { createApprovalFiles } from '../../src/guard/approval-files.js';
import type { AskedQuestion } from '../../src/guard/approvals.js';
import { temporaryDirectory } from '../databricks/servers.js';

const asked: AskedQuestion = {
  id: 'abcdefghij',
  askedAt: 1_700_000_000_000,
  action: 'databricks_delete_user',
  label: 'Delete User',
  risk: 'destructive',
  accountId: 'a-1',
  sandbox: false,
  caller: 'stdio',
  binding: 'b',
  snapshot: 's',
  lines: ['Delete user "ana"'],
};
const decision = { by: 'ana', channel: 'terminal', at: asked.askedAt + 1 };

function files(t: TestContext, key = 1, directory = join(temporaryDirectory(t), 'approvals')) {
  let date = asked.askedAt;
  const store = createApprovalFiles({ directory, key: async () => Buffer.alloc(32, key), date: () => date });
  return { directory, store, later: (milliseconds: number) => (date += milliseconds) };
}

const isWindows = process.platform === 'win32';

test('files and folder are private whatever the umask', { skip: isWindows && 'Windows has no modes' }, async (t) => {
  const { store, directory } = files(t);
  await store.add(asked);
  await store.approve(asked.id, decision);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  for (const file of await readdir(directory)) assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600);
});

test('a question or a decision that was written or changed without the key is none', async (t) => {
  const { store, directory } = files(t);
  await store.add(asked);
  const forger = files(t, 2, directory);
  assert.equal(await forger.store.approve(asked.id, decision), false, 'it cannot even read the question');

  const path = join(directory, `${asked.id}.open`);
  const sealed = await readFile(path, 'utf8');
  await writeFile(path, sealed.replace('stdio', 'other'));
  assert.deepEqual(await store.all(), []);
  await writeFile(path, sealed);

  const other = { ...asked, id: 'zzzzzzzzzz' };
  await store.add(other);
  await store.approve(other.id, decision);
  await rename(join(directory, `${other.id}.approved`), join(directory, `${asked.id}.approved`));
  const states = (await store.all()).map(({ id, state }) => [id, state]);
  assert.deepEqual(states.sort(), [
    [asked.id, 'open'],
    [other.id, 'open'],
  ]);
});

test('a decision stands: the first one counts, and a question that is over takes none', async (t) => {
  const { store } = files(t);
  await store.add(asked);
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, n) => store.approve(asked.id, { ...decision, by: `p${n}` })),
  );
  assert.equal(results.filter(Boolean).length, 1);
  const ends = await Promise.all(Array.from({ length: 20 }, () => store.end(asked.id, 'used')));
  assert.equal(ends.filter(Boolean).length, 1);
  assert.equal(await store.approve(asked.id, decision), false);
  assert.deepEqual(
    (await store.all()).map(({ state }) => state),
    ['used'],
  );
});

test('what is long over is removed, and foreign files are left alone', async (t) => {
  const { store, directory, later } = files(t);
  await store.add(asked);
  await store.end(asked.id, 'used');
  await writeFile(join(directory, 'notes.txt'), 'mine');
  await writeFile(join(directory, 'broken0000.open'), '{"half');
  later(3_600_000);
  assert.deepEqual(await store.all(), []);
  assert.deepEqual((await readdir(directory)).sort(), ['broken0000.open', 'notes.txt']);
});

test('a folder that is a link or a file ends the call: nobody can be asked', async (t) => {
  const base = temporaryDirectory(t);
  await mkdir(join(base, 'elsewhere'), { mode: 0o700 });
  await symlink(join(base, 'elsewhere'), join(base, 'link'), 'junction');
  await writeFile(join(base, 'file'), '');
  for (const place of ['link', 'file']) {
    const { store } = files(t, 1, join(base, place));
    for (const attempt of [() => store.add(asked), () => store.all()]) {
      await assert.rejects(attempt, (error) => error instanceof ActionError && error.failure.kind === 'storage');
    }
  }
  assert.deepEqual(await readdir(join(base, 'elsewhere')), []);
});
