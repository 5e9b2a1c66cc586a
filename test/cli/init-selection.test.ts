/** Picking actions in `init`: what a typed line does to a selection, and what it costs in scopes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pick, scopesFor, summary } from '../../src/cli/init/selection.js';
import type { Action } from '../../tools/index.js';

const none: ReadonlySet<Action> = new Set();
const chosen = (...lines: string[]) =>
  lines.reduce<ReadonlySet<Action>>((before, line) => {
    const picked = pick(before, line);
    assert.equal(picked.kind, 'changed', line);
    return picked.kind === 'changed' ? picked.chosen : before;
  }, none);
const ids = (set: ReadonlySet<Action>) => [...set].map(({ id }) => id.replace('databricks_', '')).sort();

test('names, globs, areas and risks choose; a minus takes back', () => {
  assert.deepEqual(ids(chosen('list_users, databricks_get_user')), ['get_user', 'list_users']);
  assert.deepEqual(ids(chosen('area:users', '-*_user')), ['list_users']);
  assert.deepEqual(ids(chosen('list_users', 'list_users')), ['list_users']);
  assert.ok([...chosen('read')].every(({ risk }) => risk === 'read'));
});

test('a number and a search choose nothing', () => {
  const area = pick(none, '4');
  assert.ok(area.kind === 'shown' && area.title === 'Users' && area.actions.length > 0);
  const found = pick(none, 'metastore');
  assert.ok(found.kind === 'shown' && found.actions.some(({ id }) => id === 'databricks_list_metastores'));
  const several = pick(none, 'delete users');
  assert.ok(several.kind === 'shown' && several.actions.some(({ id }) => id === 'databricks_delete_user'));
  assert.equal(pick(none, '99').kind, 'unknown');
  const unknown = pick(none, 'xyzzy plugh');
  assert.ok(unknown.kind === 'unknown' && unknown.hint.startsWith('Nothing is found for "xyzzy plugh".'));
});

test('a word that names nothing leaves the selection as it was', () => {
  assert.notEqual(pick(none, 'list_users list_usres').kind, 'changed');
});

test('everything is asked for by name only', () => {
  for (const word of ['everything', 'all-apis', 'Everything']) assert.equal(pick(none, word).kind, 'everything');
  assert.deepEqual(scopesFor(['everything']), { scopes: ['all-apis'], remarks: [], onlyReads: false });
});

test('the summary tells the least scopes, and what makes them wide', () => {
  assert.match(summary(chosen('list_users')), /Least scopes: scim \(they open \d+ actions in all\)\.$/);
  assert.match(
    summary(chosen('list_users', 'list_custom_app_integrations')),
    /all-apis.*because of list_custom_app_integrations\./,
  );
  assert.equal(summary(none), 'Nothing is chosen.');
  assert.deepEqual(scopesFor(['list_users', 'list_budgets']), {
    scopes: ['billing', 'scim'],
    remarks: [],
    onlyReads: true,
  });
  assert.ok('hint' in scopesFor(['list_usres']));
});
