/** The view of every action against the API reference: only fields that exist, none forgotten, nothing hidden that matters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Action, actions } from '../../tools/index.js';
import { type Names, reference } from './reference.js';

const recordOf = (action: Action): Names => reference.find(({ id }) => id === action.id)?.response.record ?? {};

/** Fields of ours: what is known of a downloaded file, and who a unified record is. */
const isOurs = ({ id }: Action) => id === 'databricks_download_billable_usage' || id.includes('_unified_');

const viewed = actions.flatMap((action) => (action.view === undefined ? [] : [{ action, view: action.view }]));
const documented = viewed.filter(({ action }) => !isOurs(action));

/** Paths of the fields that hold values. */
const leaves = (names: Names, above = ''): string[] =>
  Object.entries(names).flatMap(([name, inner]) =>
    Object.keys(inner).length === 0 ? [above + name] : leaves(inner, `${above}${name}.`),
  );

/** Whether the path, or what it stands in, is one of these. */
const isIn = (path: string, paths: readonly string[]) =>
  paths.some((each) => each === path || path.startsWith(`${each}.`));

test('every action that answers with something has a view, and no other', () => {
  const answers = reference.filter(({ response }) => response.kind !== 'empty').map(({ id }) => id);
  assert.deepEqual(viewed.map(({ action }) => action.id).sort(), answers.sort());
});

test('a view names only fields that Databricks documents', () => {
  const strangers = documented.flatMap(({ action, view }) =>
    [...view.shown, ...view.more]
      .filter((path) => !leaves(recordOf(action)).includes(path))
      .map((path) => `${action.id} ${path}`),
  );
  assert.deepEqual(strangers, []);
});

test('whatever Databricks documents can be asked for', () => {
  const unknown = documented.flatMap(({ action, view }) =>
    leaves(recordOf(action))
      .filter((path) => !isIn(path, [...view.shown, ...view.more]))
      .map((path) => `${action.id} ${path}`),
  );
  assert.deepEqual(unknown, []);
});

test('a unified record can be asked for every field of the unified model', () => {
  for (const { id, response } of reference.filter(({ unified }) => unified)) {
    const view = viewed.find(({ action }) => action.id === id)?.view;
    const heads = [...(view?.shown ?? []), ...(view?.more ?? [])].map((path) => path.split('.')[0]);
    assert.deepEqual([...new Set(heads)].sort(), [...(response.unified_fields ?? [])].sort(), id);
  }
});

test('no field is shown and left out at once', () => {
  for (const { action, view } of viewed) {
    const both = [...view.shown, ...view.more];
    assert.equal(new Set(both).size, both.length, action.id);
  }
});

/** What tells that something is wrong, off, about to end, or open to more than it should be. */
const telling =
  /status|error|warning|message|expire|lifetime|^active|enabled|permissions|confidential|list_type|scopes/;
/** Values that another field says as well, or that nothing is decided by. */
const said = new Set(['status.source_value', 'multi_factor_enabled']);

test('nothing that tells of trouble is left out', () => {
  const hidden = viewed.flatMap(({ action, view }) =>
    view.more.filter((path) => telling.test(path) && !said.has(path)).map((path) => `${action.id} ${path}`),
  );
  assert.deepEqual(hidden, []);
});

test('who is administrator is shown of everybody who can be', () => {
  for (const { action, view } of documented.filter(({ action }) => 'roles' in recordOf(action)))
    assert.ok(view.shown.includes('roles.value'), action.id);
});

test('a view begins with the id that other actions take', () => {
  const first = new Set(viewed.filter(({ view }) => view.shown.length > 0).map(({ view }) => view.shown[0]));
  assert.deepEqual(
    [...first].sort(),
    (
      'budget_configuration_id config_id credentials_id id integration_id list_id metastore_id name network_id path ' +
      'principal.principal_id storage_configuration_id workspace_id'
    ).split(' '),
  );
});

test('ids that other actions take are shown by the get, whatever the list leaves to it', () => {
  for (const { action, view } of documented.filter(({ action }) => action.id.includes('_get_'))) {
    const ids = leaves(recordOf(action)).filter(
      (path) => /(^|[._])id$/.test(path) && !/account_id|^global_/.test(path),
    );
    assert.deepEqual(
      ids.filter((path) => !view.shown.includes(path)),
      action.id === 'databricks_get_metastore' ? ['default_data_access_config_id'] : [],
      action.id,
    );
  }
});

test('a budget is shown with all that an update has to send back', () => {
  const [get, update] = ['databricks_get_budget', 'databricks_update_budget'].map((id) =>
    reference.find((each) => each.id === id),
  );
  const left = new Set(['account_id', 'create_time', 'update_time']);
  const needed = leaves(get?.response.record ?? {}).filter((path) => !left.has(path.split('.').at(-1) ?? ''));
  const view = viewed.find(({ action }) => action.id === get?.id)?.view;
  assert.deepEqual([...(view?.shown ?? [])].sort(), needed.sort());
  assert.equal(update?.method, 'PUT');
});

test('where a new secret went is shown by what makes one', () => {
  for (const { id, one_time_secret_fields } of reference) {
    const view = viewed.find(({ action }) => action.id === id)?.view;
    for (const field of one_time_secret_fields) assert.ok(view?.shown.includes(field), `${id} ${field}`);
  }
});
