/** `audit`: reads, proves and explains journals without any configuration. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeEach, test } from 'node:test';
import { exits } from '../../src/cli/exit-codes.js';
import { createKeys } from '../../src/guard/keys.js';
import { home, json, run } from '../cli/program.js';
import { account, facts, fileIn, journalIn, startWriter } from './bench.js';

// Where the state folder of a user with this home is, on Linux and on Windows; macOS ignores XDG_STATE_HOME.
const state =
  process.platform === 'darwin'
    ? join(home, 'Library', 'Application Support', 'databricks-actions-mcp')
    : join(home, 'databricks-actions-mcp');
const sandbox = join(state, 'sandbox');
const other = '99999999-2222-4333-8444-555555555555';
const time = Date.UTC(2026, 10, 24, 10, 30);

beforeEach(async () => {
  rmSync(state, { recursive: true, force: true });
  const journal = journalIn(state, { now: () => time });
  const entry = await journal.intent(
    facts({
      action: 'delete_thing',
      risk: 'destructive',
      caller: 'ada\u001b[2J\u202e',
      target: { kind: 'user', id: '7', name: 'Eve\nNOT WHOLE\u001b]0;x\u0007' },
      approval: { id: 'a', channel: 'terminal', by: 'root' },
    }),
  );
  await journal.event('refused', { action: 'drop_thing', reason: 'lock-out', code: 'SELF_LOCKOUT' });
  await entry.outcome({ outcome: 'applied', duration_ms: 3 });
});

test('tail shows writes with their outcome and events, in columns and without what steers a terminal', async () => {
  const { code, stdout, stderr } = await run(['audit', 'tail']);
  assert.deepEqual([code, stderr], [0, '']);
  for (const steering of ['\u001b', '\u0007', '\u202e']) assert.ok(!stdout.includes(steering));
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
    [
      [`Account ${account}`],
      ['TIME', 'OUTCOME', 'RISK', 'ACTION', 'TARGET', 'APPROVAL', 'CALLER'],
      [
        '2026-11-24T10:30:00Z',
        'applied',
        'destructive',
        'delete_thing',
        'user "Eve\\nNOT WHOLE\\u001b]0;x\\u0007" 7',
        'terminal',
        'ada [2J\\u202e',
      ],
      ['2026-11-24T10:30:00Z', 'refused: SELF_LOCKOUT', '-', 'drop_thing', '-', '-', '-'],
    ],
  );
});

test('tail takes a number of lines, writes only, and prints JSON', async () => {
  const journal = journalIn(state);
  for (const name of ['b', 'c'])
    await (await journal.intent(facts({ action: name }))).outcome({ outcome: 'unknown', duration_ms: 1 });
  const rows = json(await run(['audit', 'tail', '-n', '2', '--writes', '--json']));
  assert.deepEqual(
    rows.map(({ action, result, outcome, account_id }: Record<string, Record<string, unknown>>) => [
      action,
      result,
      outcome?.outcome,
      account_id,
    ]),
    ['b', 'c'].map((name) => [name, 'unknown', 'unknown', account]),
  );
  assert.equal(json(await run(['audit', 'tail', '--json'])).length, 4);
  assert.equal(json(await run(['audit', 'tail', '--writes', '--json'])).length, 3);
});

test('every journal is found, the sandbox’s too, and --account picks one', async () => {
  await journalIn(sandbox, { accountId: other, keys: createKeys(state) }).intent(facts());
  assert.deepEqual(
    json(await run(['audit', 'verify', '--json'])).map(({ account_id, whole }: Record<string, unknown>) => [
      account_id,
      whole,
    ]),
    [
      [account, true],
      [other, true],
    ],
  );
  assert.match(
    (await run(['audit', 'tail', '--account', other])).stdout,
    new RegExp(`^Account ${other} \\(sandbox\\)\n`),
  );
  const { code, stderr } = await run(['audit', 'verify', '--account', 'nobody']);
  assert.equal(code, exits.usage.code);
  assert.match(stderr, new RegExp(`no journal of this account.*\n.*${account}, ${other}`));
});

test('verify says that a journal is whole, and which record is the last', async () => {
  const { code, stdout } = await run(['audit', 'verify']);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^whole  ${account}: 3 records, the last is 3:[0-9a-f]{16}\\.\n$`));
});

for (const [what, spoil, words] of [
  [
    'changed',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('drop_thing', 'list_thing')),
    /at line 2, record 2: The line was changed/,
  ],
  ['gone', (file: string) => rmSync(file), /record 1: The file is missing, which held 3 records/],
  ['without its key', () => rmSync(join(state, 'key')), /The key file .* is missing/],
  [
    'under another name',
    (file: string) => ['', '.head'].map((end) => renameSync(`${file}${end}`, `${fileIn(state, other)}${end}`)),
    /line 1, record 1/,
  ],
] as const) {
  test(`verify exits ${exits.audit.code} for a journal that is ${what}`, async () => {
    spoil(fileIn(state));
    const { code, stdout } = await run(['audit', 'verify']);
    assert.equal(code, exits.audit.code);
    assert.match(stdout, /^NOT WHOLE {2}/);
    assert.match(stdout, words);
    const [verdict] = json(await run(['audit', 'verify', '--json']));
    assert.equal(verdict.whole, false);
  });
}

test('unknown lists what has no outcome and what ended as unknown, with the way to check', async () => {
  assert.deepEqual(await run(['audit', 'unknown']), {
    code: 0,
    stdout: '',
    stderr: 'The outcome of every write is known.\n',
  });
  await startWriter(state, account, 'append', '1').closed;
  const journal = journalIn(state);
  const lost = await journal.intent(
    facts({ check: { tool: 'list_things', arguments: { filter: 'a' } }, existing: ['1'] }),
  );
  await lost.outcome({ outcome: 'unknown', duration_ms: 1 });
  const dying = startWriter(state, account, 'open');
  await dying.until((said) => said.length > 0);
  dying.child.kill('SIGKILL');
  await dying.closed;
  const { code, stdout } = await run(['audit', 'unknown']);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /create_thing \(write\) by local: the answer was lost, and reading did not settle it\n {2}id {9}[\da-f-]{36}\n {2}arguments {2}\{"name":"a thing"\}\n {2}check {6}list_things \{"filter":"a"\}\n {2}there before the call: 1\n/,
  );
  assert.match(stdout, new RegExp(`by local: process ${dying.child.pid} on .* ended before its outcome\n`));
  assert.match(stdout, / {2}check {6}read the object or the list it is in/);
  assert.deepEqual(
    json(await run(['audit', 'unknown', '--json'])).map(({ account_id, why, running }: Record<string, unknown>) => [
      account_id,
      why,
      running,
    ]),
    [
      [account, 'lost_answer', false],
      [account, 'crashed', false],
    ],
  );
});

test('where there is no journal yet it says so and where it would be', async () => {
  rmSync(state, { recursive: true });
  for (const command of ['tail', 'verify', 'unknown']) {
    const { code, stdout, stderr } = await run(['audit', command]);
    assert.deepEqual([code, stdout], [0, '']);
    assert.ok(stderr.includes(join(state, 'journal')), stderr);
  }
});

test('a journal that cannot be read is a failure of storage, not of this program', async () => {
  rmSync(fileIn(state));
  mkdirSync(fileIn(state));
  const { code, stderr } = await run(['audit', 'tail']);
  assert.equal(code, exits.storage.code);
  assert.match(stderr, /cannot be read \(EISDIR\)/);
});

test('settle records what a person found out, and the write is no longer unknown', async () => {
  const journal = journalIn(state);
  const lost = await journal.intent(facts({ action: 'lost_thing' }));
  await lost.outcome({ outcome: 'unknown', duration_ms: 1 });
  const [before] = json(await run(['audit', 'unknown', '--json']));
  assert.equal(before.action, 'lost_thing');
  assert.equal((await run(['audit', 'settle', 'nothing-like-it', 'applied'])).code, exits.usage.code);
  assert.equal((await run(['audit', 'settle', before.id.slice(0, 8), 'maybe'])).code, exits.usage.code);

  assert.equal((await run(['audit', 'settle', before.id.slice(0, 8), 'not_applied'])).code, 0);
  assert.deepEqual(json(await run(['audit', 'unknown', '--json'])), []);
  const rows = json(await run(['audit', 'tail', '--writes', '--json']));
  assert.equal(rows.find(({ action }: { action: string }) => action === 'lost_thing').result, 'not_applied');
  assert.equal((await run(['audit', 'verify'])).code, 0);
  assert.equal((await run(['audit', 'settle', before.id, 'applied'])).code, exits.usage.code, 'it is settled');
});
