/** Tables: the same values as the records, whatever they are, and never longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTable, tableOf, unfolded } from '../../src/core/table.js';
import { maskOf } from '../../src/core/view.js';
import { corpus } from '../untrusted/corpus.js';

const mask = maskOf([
  'id',
  'name',
  'active',
  'place.city',
  'place.code',
  'roles.value',
  'members.value',
  'members.kind',
]);
const record = (id: number, fields: object = {}) => ({ id: String(id), name: `name ${id}`, ...fields });

test('names stand once, and what is the same everywhere stands once', () => {
  const records = [1, 2, 3, 4].map((id) => record(id, { active: true, place: { city: `c${id}` } }));
  assert.deepEqual(tableOf(records, mask), {
    columns: ['id', 'name', 'place.city'],
    all_rows: { active: true },
    rows: [1, 2, 3, 4].map((id) => [String(id), `name ${id}`, `c${id}`]),
  });
});

test('a single record that is not active is seen in its row', () => {
  const records = [1, 2, 3, 4].map((id) => record(id, { active: id !== 3 }));
  const table = tableOf(records, mask);
  assert.ok(isTable(table));
  assert.deepEqual(table.all_rows, undefined);
  assert.deepEqual(table.rows[2], ['3', 'name 3', false]);
});

test('false and 0 are values, what is not there is null', () => {
  const few = maskOf(['id', 'count_of_them', 'on']);
  const records = [
    { id: 'a', count_of_them: 0 },
    { id: 'b', on: false },
    { id: 'c', count_of_them: 2 },
    { id: 'd', count_of_them: 3 },
  ];
  assert.deepEqual(unfolded(tableOf(records, few)), [
    { id: 'a', count_of_them: 0, on: null },
    { id: 'b', count_of_them: null, on: false },
    { id: 'c', count_of_them: 2, on: null },
    { id: 'd', count_of_them: 3, on: null },
  ]);
});

test('of a list of which one field is shown, each element has its value or null', () => {
  const records = [1, 2, 3, 4].map((id) =>
    record(id, {
      ...(id === 2 && { roles: [{ value: 'account_admin' }, {}, 'odd'] }),
      members: [{ value: 'x', kind: 'y' }],
    }),
  );
  const table = tableOf(records, mask);
  assert.ok(isTable(table));
  assert.deepEqual(table.columns, ['id', 'name', 'roles.value']);
  assert.deepEqual(table.rows[1], ['2', 'name 2', ['account_admin', null, 'odd']]);
  assert.deepEqual(table.all_rows, { members: [{ value: 'x', kind: 'y' }] });
});

test('a column of lists leads through the lists inside', () => {
  const deep = maskOf(['id', 'alerts.actions.target']);
  const records = [1, 2, 3, 4].map((id) => ({
    id: `${id}`,
    alerts: [{ actions: [{ target: `a${id}` }, { target: `b${id}` }] }, { actions: [] }],
  }));
  const table = tableOf(records, deep);
  assert.ok(isTable(table));
  assert.deepEqual(table.columns, ['id', 'alerts.actions.target']);
  assert.deepEqual(table.rows[0], ['1', ['a1', 'b1']]);
});

test('short lists, and lists of anything but records, stay as they are', () => {
  const three = [record(1), record(2), record(3)];
  assert.equal(tableOf(three, mask), three);
  const ids = [1, 2, 3, 4, 5];
  assert.equal(tableOf(ids, mask), ids);
});

test('a table is shorter than its records, or the records are kept', () => {
  const lists = fc.array(
    fc.record({ id: fc.string(), name: fc.string(), active: fc.boolean() }, { requiredKeys: ['id'] }),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(lists, (records) => {
      assert.ok(JSON.stringify(tableOf(records, mask)).length <= JSON.stringify(records).length);
    }),
  );
});

test('no value can end a cell or a row, or become a name: each text comes back exactly from the JSON', () => {
  const records = corpus.map((text, at) => ({
    id: String(at),
    name: text,
    place: { city: text, code: { [text]: text } },
    roles: [{ value: text }],
    members: [{ value: text, kind: text }],
  }));
  const table = tableOf(records, mask);
  assert.ok(isTable(table));
  assert.deepEqual(table.columns, ['id', 'name', 'place.city', 'place.code', 'roles.value', 'members']);
  const back = JSON.parse(JSON.stringify(table)) as typeof table;
  assert.equal(back.rows.length, records.length);
  back.rows.forEach((row, at) => {
    const text = corpus[at] ?? '';
    const code = text === '' ? null : JSON.parse(JSON.stringify({ [text]: text }));
    assert.deepEqual(row, [String(at), text, text, code, [text], [{ value: text, kind: text }]]);
  });
});

test('read by name, a table says what its records say', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean());
  const lists = fc.array(fc.record({ id: fc.uuid(), name: value, active: value }), { minLength: 4, maxLength: 10 });
  fc.assert(
    fc.property(lists, (records) => {
      const read = unfolded(tableOf(records, mask)) as Record<string, unknown>[];
      const none = (each: unknown) => (each === '' ? null : each);
      assert.deepEqual(
        read.map(({ id, name, active }) => [id, none(name), none(active)]),
        records.map(({ id, name, active }) => [id, none(name), none(active)]),
      );
    }),
  );
});
