/** `demo`: a story that runs to its end, leaves nothing behind and ends with what can be pasted. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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

test('the configurations it ends with are JSON with the path of this installation', async () => {
  const { stdout } = await run(['demo']);
  const blocks = [...stdout.matchAll(/^ {5}\{\n[\s\S]*?^ {5}\}$/gm)].map(([block]) => JSON.parse(block));
  assert.deepEqual(
    blocks.map(({ mcpServers }) => Object.keys(mcpServers)),
    [['dbx-sandbox'], ['dbx']],
  );
  assert.deepEqual(blocks[0].mcpServers['dbx-sandbox'].args, [mainFile, '--sandbox']);
  assert.equal(blocks[1].mcpServers.dbx.args[0], mainFile);
});
