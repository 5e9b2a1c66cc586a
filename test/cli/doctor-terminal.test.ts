/** `doctor` where a person looks: sections with headings, steps while they are taken, and what it comes to. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { noTerminal, Terminal } from '../trust/pty.js';
import { home, run } from './program.js';

const options = noTerminal === undefined ? {} : { skip: noTerminal };

test('a terminal shows sections, steps that leave no trace, and a sum', options, async () => {
  const terminal = new Terminal(['doctor', '--sandbox'], mkdtempSync(join(home, 'terminal-')));
  assert.equal(await terminal.ended, 0, terminal.screen);
  const { screen } = terminal;
  for (const heading of ['Settings', 'The way to the host', 'The account', 'Clients']) {
    assert.match(screen, new RegExp(`(^|\\n|K)${heading}\\n  ok `), heading);
  }
  assert.ok(screen.includes('Asking the account …\r\u001b[K'), screen);
  assert.match(screen, /\nNothing is wrong\.\n$/);
});

test('a remedy has a line of its own, and failures are counted', options, async () => {
  const terminal = new Terminal(['doctor'], mkdtempSync(join(home, 'terminal-')), {
    DATABRICKS_HOST: 'accounts.cloud.databricks.com.evil.example',
  });
  await terminal.ended;
  assert.match(
    terminal.screen,
    /\n {2}fail {2}host .*belongs to somebody else\.\n {28}→ Check where you have it from\./,
  );
  assert.match(terminal.screen, /\n\d+ failures, \d+ warnings\.\n$/);
});

test('a pipe gets no headings and no colour', async () => {
  const { stdout, stderr } = await run(['doctor', '--sandbox'], { FORCE_COLOR: '1' });
  assert.ok(!stdout.includes('\u001b') && !stdout.includes('Settings'), stdout);
  assert.equal(stderr, '');
});
