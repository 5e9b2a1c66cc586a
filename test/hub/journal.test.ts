/** The journal's page: the newest first, whether it is whole, what has no known outcome. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { journalOf } from '../../src/app-guard.js';
import { createRedactor } from '../../src/core/redact.js';
import { openPlace, type Place } from './place.js';

const accountId = '00000000-0000-4000-8000-000000000001';

const journalIn = ({ state, keys }: Place, sandbox = false) =>
  journalOf({
    state: sandbox ? join(state, 'sandbox') : state,
    accountId,
    keys,
    now: Date.now,
    redactor: createRedactor(),
    onProblem: (problem) => assert.fail(problem),
  });

test('without a journal the page says that nothing was changed', async (t) => {
  const place = await openPlace(t);
  assert.match((await (await place.operator()).get('/hub/journal')).text, /There is no journal yet/);
});

test('every journal is there, whole, with its newest entry first and no name become markup', async (t) => {
  const place = await openPlace(t);
  const journal = journalIn(place);
  await journal.event('approval_asked', { action: 'databricks_delete_user', caller: '<script>alert(1)</script>' });
  await journal.event('approval_refused', { action: 'databricks_delete_group', caller: 'stdio', code: 'DECLINED' });
  await journalIn(place, true).event('approval_asked', { action: 'databricks_create_user', caller: 'stdio' });
  const { text } = await (await place.operator()).get('/hub/journal');
  assert.ok(text.indexOf('databricks_delete_group') < text.indexOf('databricks_delete_user'));
  assert.match(text, /approval_refused: DECLINED/);
  assert.equal(text.match(/<strong>Whole<\/strong>/g)?.length, 2);
  assert.match(text, />sandbox<\/span>/);
  assert.doesNotMatch(text, /<script>alert/);
});

test('a journal that was changed is said not to be whole, and where, as soon as it was', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  const journal = journalIn(place);
  await journal.event('approval_asked', { action: 'databricks_delete_user', caller: 'ann' });
  assert.match((await visitor.get('/hub/journal')).text, /<strong>Whole<\/strong>/);
  const file = join(place.state, 'journal', `${accountId}.jsonl`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('ann', 'bob'));
  const { text } = await visitor.get('/hub/journal');
  assert.match(text, /<strong>Not whole<\/strong> 00000000-0000-4000-8000-000000000001 at line 1/);
});
