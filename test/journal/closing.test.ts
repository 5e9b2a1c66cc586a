/** What a call leaves to be recorded after its answer is in the journal when the application has closed. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createApp } from '../../src/app.js';
import { ActionError } from '../../src/core/errors.js';
import { actions } from '../../tools/index.js';

test('a question to a person is in the journal once the application has closed, however soon that is', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'closing-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const app = await createApp({ flags: {}, env: { HOME: home }, sandbox: true, stateDirectory: home });
  const createUser = actions.find(({ id }) => id === 'databricks_create_user');
  assert.ok(createUser);
  await assert.rejects(
    app.executor.execute(createUser, { userName: 'a@example.com' }),
    (error) => error instanceof ActionError && error.failure.code === 'APPROVAL_NEEDED',
  );
  await app.close();
  const folder = join(home, 'sandbox', 'journal');
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const types = readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  assert.deepEqual(types, ['approval_asked']);
});
