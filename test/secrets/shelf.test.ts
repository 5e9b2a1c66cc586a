/** The shelf: finds what the sink stored, and is not confused by anything else in the folder. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createFileSink } from '../../src/guard/secret-files.js';
import { createSecretShelf } from '../../src/guard/secret-shelf.js';
import { failureOf, temporaryDirectory } from '../databricks/servers.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';
const facts = {
  id: 's-1',
  account_id: 'a-1',
  action: 'databricks_create_service_principal_secret',
  field: 'secret',
  expire_time: '2027-01-01T00:00:00Z',
};

function setUp(t: TestContext) {
  const directory = join(temporaryDirectory(t), 'secrets');
  const store = async (name: string, value: string, more: Record<string, unknown> = facts) =>
    (await createFileSink(directory).store(name, value, more)).stored_in;
  return { directory, store, shelf: createSecretShelf(directory) };
}

test('what was stored is listed with its facts and without its value, and can be read and removed', async (t) => {
  const { store, shelf, directory } = setUp(t);
  const path = await store('principal-s-1', canary);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  const name = basename(path, '.json');
  const { secrets, unreadable } = await shelf.list();
  assert.deepEqual(unreadable, []);
  assert.deepEqual(secrets, [
    { name, path, stored_at: '2023-11-14T22:13:20.000Z', length: 36, sha256_8: 'f886492b', ...facts },
  ]);
  assert.equal(await shelf.read(name), canary);
  await shelf.remove(name);
  assert.deepEqual(readdirSync(directory), []);
  assert.equal((await failureOf(shelf.read(name))).kind, 'not_found');
});

test('id and expiry of an app are known by the names they have there; the newest comes first', async (t) => {
  const { store, shelf } = setUp(t);
  const older = await store('app', canary, {
    integration_id: 'i-1',
    client_secret_expire_time: '2027-05-05T00:00:00Z',
  });
  utimesSync(older, 1_700_000_000, 1_700_000_000);
  await store('new', canary);
  const { secrets } = await shelf.list();
  assert.deepEqual(
    secrets.map(({ id, expire_time }) => [id, expire_time]),
    [
      ['s-1', facts.expire_time],
      ['i-1', '2027-05-05T00:00:00Z'],
    ],
  );
});

test('no folder is an empty shelf, and looking does not make one', async (t) => {
  const { shelf, directory } = setUp(t);
  assert.deepEqual(await shelf.list(), { secrets: [], unreadable: [] });
  assert.deepEqual(readdirSync(join(directory, '..')), []);
});

test('foreign, torn, huge and unfinished files, links and pipes are named and not read', async (t) => {
  const { store, shelf, directory } = setUp(t);
  const path = await store('real', canary);
  const outside = join(directory, '..', 'outside.json');
  writeFileSync(outside, JSON.stringify({ value: canary }));
  const strange: Record<string, string> = {
    'torn.json': '{"id": "1", "val',
    'empty.json': '',
    'list.json': '[]',
    'number.json': '{"value": 7}',
    'none.json': '{"id": "1"}',
    'huge.json': JSON.stringify({ value: 'x'.repeat(300_000) }),
    'note.txt': 'hello',
    '.unfinished.json': JSON.stringify({ value: canary }),
    '.0abc.part': JSON.stringify({ value: canary }),
  };
  for (const [name, text] of Object.entries(strange)) writeFileSync(join(directory, name), text);
  mkdirSync(join(directory, 'folder.json'));
  const more = ['folder.json'];
  if (process.platform !== 'win32') {
    symlinkSync(outside, join(directory, 'link.json'));
    execFileSync('mkfifo', [join(directory, 'pipe.json')]);
    more.push('link.json', 'pipe.json');
  }
  const { secrets, unreadable } = await shelf.list();
  assert.deepEqual(
    secrets.map((each) => each.path),
    [path],
  );
  assert.deepEqual(unreadable, [...Object.keys(strange), ...more].sort());
  for (const name of ['link', '../outside', 'huge', '.unfinished', '', '..', path, `${basename(path, '.json')}/`]) {
    assert.equal((await failureOf(shelf.read(name))).kind, 'not_found', name);
    assert.equal((await failureOf(shelf.remove(name))).kind, 'not_found', name);
  }
});

test('facts of a wrong type are left out, whatever they are', async (t) => {
  const { directory, shelf, store } = setUp(t);
  await store('first', canary);
  await fc.assert(
    fc.asyncProperty(
      fc.object({ key: fc.constantFrom(...Object.keys(facts), 'value', 'x'), maxDepth: 2 }),
      async (content) => {
        writeFileSync(join(directory, 'any.json'), JSON.stringify(content));
        const { secrets } = await shelf.list();
        for (const secret of secrets) {
          for (const fact of [secret.id, secret.action, secret.account_id, secret.field, secret.expire_time]) {
            assert.ok(fact === undefined || typeof fact === 'string');
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a folder that others may enter is not read from', { skip: process.platform === 'win32' }, async (t) => {
  const { store, shelf, directory } = setUp(t);
  await store('real', canary);
  chmodSync(directory, 0o755);
  const failure = await failureOf(shelf.list());
  assert.equal(failure.kind, 'storage');
  assert.match(failure.next ?? '', /chmod 700/);
});
