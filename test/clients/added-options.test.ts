/** Options a person gave the server stay when the entry is brought up to date; those of another account do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withAdded } from '../../src/clients/added-options.js';
import type { StdioEntry } from '../../src/clients/server-entry.js';

const entry = (args: string[], env?: Record<string, string>): StdioEntry => ({
  kind: 'stdio',
  command: 'node',
  args: ['/new/main.js', ...args],
  ...(env && { env }),
});
const isProgram = (word: string) => word.endsWith('main.js');
const merged = (now: StdioEntry, wanted: StdioEntry) => withAdded(wanted, now, isProgram);

test('limits stay, wherever the program moved to', () => {
  const now = {
    ...entry([]),
    args: ['--no-warnings', '/old/main.js', '--profile', 'p', '--read-only', '--areas', 'users'],
  };
  assert.deepEqual(
    merged(now, entry(['--profile', 'p'])),
    entry(['--profile', 'p', '--read-only', '--areas', 'users']),
  );
});

test('what is said anew counts', () => {
  const now = entry(['--profile', 'p', '--config-file', '/a', '--read-only']);
  const wanted = entry(['--profile', 'p', '--config-file', '/b', '--read-only']);
  assert.deepEqual(merged(now, wanted), wanted);
});

test('options for another account do not stay', () => {
  const wanted = entry(['--profile', 'q']);
  assert.deepEqual(merged(entry(['--profile', 'p', '--read-only']), wanted), wanted);
  assert.deepEqual(merged(entry(['--sandbox', '--read-only']), wanted), wanted);
});

test('variables that limit stay, credentials of before do not', () => {
  const now = entry(['--profile', 'p'], {
    DATABRICKS_CLIENT_SECRET: 's',
    ARM_CLIENT_SECRET: 's',
    DATABRICKS_MCP_READ_ONLY: '1',
    HTTPS_PROXY: 'p',
  });
  assert.deepEqual(merged(now, entry(['--profile', 'p'])).kind === 'stdio' && merged(now, entry(['--profile', 'p'])), {
    ...entry(['--profile', 'p']),
    env: { DATABRICKS_MCP_READ_ONLY: '1', HTTPS_PROXY: 'p' },
  });
});
