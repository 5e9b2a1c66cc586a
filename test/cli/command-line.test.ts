/** What the program does with words and options before any command runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, exits } from '../../src/cli/exit-codes.js';
import type { FailureKind } from '../../src/core/errors.js';
import { run } from './program.js';

const commands = ['stdio', 'call', 'actions', 'doctor', 'sandbox', 'demo'];

test('--help lists every command and every exit code', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  for (const exit of Object.values(exits)) assert.match(stdout, new RegExp(`^ +${exit.code}  ${exit.meaning}$`, 'm'));
});

for (const command of ['call', 'actions', 'doctor', 'sandbox']) {
  test(`${command} --help shows examples`, async () => {
    const { code, stdout } = await run([command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`Examples:\n  \\$ databricks-actions-mcp ${command}`));
  });
}

test('an unknown command is refused with the one that was meant', async () => {
  const { code, stdout, stderr } = await run(['docter']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /unknown command "docter"\n\(Did you mean doctor\?\)/);
});

test('an unknown option is refused with the one that was meant', async () => {
  const { code, stderr } = await run(['actions', '--rsk', 'read']);
  assert.equal(code, 2);
  assert.match(stderr, /unknown option '--rsk'\n\(Did you mean --risk\?\)/);
});

test('options in front of the command are refused with the right order', async () => {
  const { code, stderr } = await run(['--sandbox', 'call', 'list_users']);
  assert.equal(code, 2);
  assert.match(stderr, /options go after the command: databricks-actions-mcp call …/);
});

for (const command of [['stdio'], ['call', 'list_users'], ['doctor']]) {
  test(`${command[0]} refuses a secret on the command line and does not repeat it`, async () => {
    const { code, stdout, stderr } = await run([...command, '--client-secret', 'correct-horse-battery']);
    assert.equal(code, 2);
    assert.match(stderr, /a secret must not be on the command line/);
    assert.doesNotMatch(stdout + stderr, /horse/);
  });
}

test('a secret typed where a command belongs is not repeated', async () => {
  const secret = `dose${'0123456789abcdef'.repeat(2)}`;
  const { code, stderr } = await run([secret]);
  assert.equal(code, 2);
  assert.ok(!stderr.includes(secret), stderr);
});

test('exit codes tell the kinds of failure apart that a script treats differently', () => {
  const rows: [FailureKind, number][] = [
    ['input', 2],
    ['configuration', 3],
    ['sign_in', 4],
    ['unauthorized', 4],
    ['forbidden', 5],
    ['missing_scope', 5],
    ['not_available', 5],
    ['not_found', 6],
    ['conflict', 7],
    ['rejected', 7],
    ['throttled', 8],
    ['upstream', 8],
    ['network', 8],
    ['timeout', 8],
    ['unreadable', 8],
    ['storage', 9],
    ['cancelled', 130],
  ];
  assert.deepEqual(
    rows.map(([kind]) => [kind, exitCodeOf(kind)]),
    rows,
  );
});
