/** `secrets`: what is kept in files, as a person or a script sees it. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeEach, test } from 'node:test';
import { createFileSink } from '../../src/guard/secret-files.js';
import { home, json, nobodyAsked, run } from './program.js';

const state = join(home, 'state');
const application = process.platform === 'darwin' ? join(home, 'Library', 'Application Support') : state;
const real = join(application, 'databricks-actions-mcp', 'secrets');
const env = { XDG_STATE_HOME: state, LOCALAPPDATA: state, ...nobodyAsked };
const secrets = (...words: string[]) => run(['secrets', ...words], env);
const canary = 'dosecafecafecafecafecafecafecafecafe';

beforeEach(() => rmSync(application, { recursive: true, force: true }));

test('a secret made by the server is listed, shown and removed, without any configuration', async () => {
  const principals = json(await run(['call', 'list_service_principals', '--sandbox', '--json'], env));
  const id = principals.data[1].id;
  const made = json(
    await run(
      [
        'call',
        'create_service_principal_secret',
        `service_principal_id=${id}`,
        'scopes=["scim"]',
        '--sandbox',
        '--json',
      ],
      env,
    ),
  );
  const told = made.data.secret;

  const listed = await secrets('list', '--sandbox');
  assert.match(listed.stdout, /^NAME +ACCOUNT +AGE +EXPIRES +SHA-256$/m);
  assert.match(listed.stdout, new RegExp(`${made.data.id}.* < 1 min +in \\d+ d +${told.sha256_8}$`, 'm'));
  const [entry] = json(await secrets('list', '--sandbox', '--json'));
  assert.deepEqual([entry.id, entry.path, entry.account_id], [made.data.id, told.stored_in, made.account_id]);

  const { stdout, stderr, code } = await secrets('show', made.data.id, '--sandbox');
  assert.match(stdout, /^dose[0-9a-f]{32}\n$/);
  assert.deepEqual([stderr, code, stdout.trim().length], ['', 0, told.length]);
  for (const { stdout: list } of [listed, await secrets('list', '--sandbox', '--json')]) {
    assert.ok(!list.includes(stdout.trim()), 'a list has no values');
  }

  assert.equal((await secrets('list')).stdout, '', 'those of a real account lie apart');
  const removed = await secrets('remove', made.data.id, '--sandbox', '--yes');
  assert.deepEqual([removed.code, removed.stdout], [0, '']);
  assert.match(removed.stderr, /still works until it is deleted in Databricks/);
  assert.equal((await secrets('show', made.data.id, '--sandbox')).code, 6);
});

test('where nothing is kept that is said, and JSON is an empty list', async () => {
  const { code, stdout, stderr } = await secrets('list');
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /No secret is kept in .*secrets\. For those of the sandbox add --sandbox\./);
  assert.deepEqual(json(await secrets('list', '--json')), []);
});

test('a beginning is enough; where several fit they are named and none is shown', async () => {
  const sink = createFileSink(real);
  await sink.store('etl-1', `${canary}1`, { id: 'id-1' });
  await sink.store('etl-12', `${canary}2`, { id: 'id-12' });
  await sink.store('app-7', `${canary}3`, { id: 'x' });
  assert.equal((await secrets('show', 'app')).stdout, `${canary}3\n`);
  assert.equal((await secrets('show', 'id-1')).stdout, `${canary}1\n`, 'a whole id wins');
  const many = await secrets('show', 'etl-1');
  assert.deepEqual([many.code, many.stdout], [2, '']);
  assert.match(many.stderr, /2 secrets fit[\s\S]*etl-1-[\s\S]*etl-12-/);
  for (const none of ['', 'nothing', '../secrets/app']) {
    const { code, stdout } = await secrets('show', none);
    assert.deepEqual([code, stdout], [6, ''], none);
  }
});

test('nothing is removed unasked', async () => {
  await createFileSink(real).store('etl', canary, { id: 'id-1' });
  const { code, stderr } = await secrets('remove', 'etl');
  assert.equal(code, 2);
  assert.match(stderr, /--yes/);
  assert.equal(readdirSync(real).length, 1);
});

test('text of others moves no cursor, and what is no secret is named', async () => {
  await createFileSink(real).store('etl', canary, {
    id: '\u001b[2Jx',
    account_id: '\u001b]0;title\u0007\u202eabc\nd',
    expire_time: '2020-01-01T00:00:00Z',
  });
  mkdirSync(join(real, 'folder'));
  writeFileSync(join(real, 'torn.json'), '{');
  const { stdout, stderr } = await secrets('list');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.match(stdout, /\d+ d ago/);
  assert.equal(stdout.trim().split('\n').length, 2);
  assert.match(stderr, /Not shown, foreign or not whole: folder, torn\.json/);
  const asJson = await secrets('list', '--json');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.doesNotMatch(asJson.stdout.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('a value is printed as it is where a program reads it', async () => {
  const value = 'ü\u001b[31m "quoted"\n2nd line';
  await createFileSink(real).store('odd', value, {});
  assert.equal((await secrets('show', 'odd')).stdout, `${value}\n`);
});
