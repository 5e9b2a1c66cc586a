/** Text of others in a command that is copied into a shell. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { shellWord } from '../../src/core/shell-word.js';

const hostile = [
  '$(touch x)',
  '`touch x`',
  'a; touch x',
  "a' ; touch x '",
  'a" & calc "',
  '$HOME',
  'a\\b',
  '-x y',
  '*',
  '',
];

test('plain names stay as they are', () => {
  for (const platform of ['linux', 'win32'] as const) {
    for (const text of ['prod', 'team.prod-2', 'ann@example.com', '/srv/app/state']) {
      assert.equal(shellWord(text, platform), text);
    }
  }
  assert.equal(shellWord('C:\\app', 'win32'), 'C:\\app');
});

test('a shell reads back what it was given, and carries nothing of it out', {
  skip: process.platform === 'win32',
}, () => {
  for (const text of hostile) {
    const read = execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text, 'linux')}`], { encoding: 'utf8' });
    assert.equal(read, text);
  }
});

test('on Windows nothing is left that cmd or PowerShell would act on between quotes', () => {
  for (const text of hostile) assert.match(shellWord(text, 'win32'), /^("[^"$`%!]*"|[\w@.:/\\-]+)$/);
  assert.equal(shellWord('my state', 'win32'), '"my state"');
});

test('no control character gets to a terminal', () => {
  for (const platform of ['linux', 'win32'] as const) {
    assert.doesNotMatch(shellWord('a\u001b[2J\n\u0003', platform), /\p{Cc}/u);
  }
});
