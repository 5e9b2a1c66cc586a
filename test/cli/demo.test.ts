/** `demo`: a story that runs to its end, leaves nothing behind and ends with what can be pasted. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { home, mainFile, run } from './program.js';

test('the demo runs to its end and leaves no file behind', async () => {
  const folder = join(home, 'temporary');
  mkdirSync(folder);
  const before = readdirSync(home);
  const { code, stdout, stderr } = await run(['demo'], { TMPDIR: folder, TEMP: folder, TMP: folder });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  for (const tool of ['unified_get_me', 'list_users', 'add_group_member', 'download_billable_usage', 'access_status']) {
    assert.match(stdout, new RegExp(`call {2}databricks_${tool} `));
  }
  assert.match(stdout, /│ Add Group Member: group "quarter-close"/);
  assert.match(stdout, /│ New member: "marta\.ruiz@/);
  assert.match(stdout, /"code":"SELF_LOCKOUT"/);
  assert.match(stdout, /Unknown tool: "databricks_download_billable_usage"/);
  assert.match(stdout, /closed for lack of billing/);
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(readdirSync(home), before);
});

test('it ends with the commands to go on with, and a block with the paths of this installation', async () => {
  const { stdout } = await run(['demo']);
  const [block = ''] = /^ {5}\{\n[\s\S]*?^ {5}\}$/m.exec(stdout) ?? [];
  assert.deepEqual(JSON.parse(block), {
    mcpServers: { 'dbx-sandbox': { command: process.execPath, args: [mainFile, '--sandbox'] } },
  });
  for (const words of ['init --sandbox', 'init', 'doctor']) {
    assert.match(stdout, new RegExp(`^ {5}node .*main\\.js ${words}$`, 'm'));
  }
});
