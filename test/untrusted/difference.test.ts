/** What would change, field by field: lists by what names their items, ids to the last digit, and never without end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { difference } from '../../src/guard/wording.js';
import { jsonValue, runs } from '../fuzz/arbitraries.js';

const rows: Readonly<Record<string, readonly [before: unknown, after: unknown, changes: readonly object[]]>> = {
  'equal values': [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  'a changed, a new and a lost field': [
    { a: 1, b: 'x', c: true },
    { a: 2, b: 'x', d: 'new' },
    [
      { field: 'a', from: 1, to: 2 },
      { field: 'c', from: true },
      { field: 'd', to: 'new' },
    ],
  ],
  'false is a value': [{ active: true }, { active: false }, [{ field: 'active', from: true, to: false }]],
  'absent and null are the same': [{ a: null }, { b: null }, []],
  'an id is the same as number, digits and bigint': [
    { a: 5, b: '9007199254740993', c: ['9007199254740993', 7] },
    { a: '5', b: 9007199254740993n, c: [9007199254740993n, '7'] },
    [],
  ],
  'ids that differ in the last digit differ': [
    { id: '9007199254740993' },
    { id: 9007199254740992n },
    [{ field: 'id', from: '9007199254740993', to: 9007199254740992n }],
  ],
  'items by id, in any order': [
    { rules: [{ id: 1, port: 80 }, { id: 2, port: 443 }, { id: 3 }] },
    { rules: [{ id: 2, port: 8443 }, { id: 1, port: 80 }, { id: 4 }] },
    [
      { field: 'rules["2"].port', from: 443, to: 8443 },
      { field: 'rules["3"]', from: { id: 3 } },
      { field: 'rules["4"]', to: { id: 4 } },
    ],
  ],
  'members by value': [[{ value: '1' }, { value: '2' }], [{ value: '2' }], [{ field: '["1"]', from: { value: '1' } }]],
  'items without a name by position': [
    [{ x: 1 }, { x: 2 }],
    [{ x: 1 }, { x: 3 }],
    [{ field: '[1].x', from: 2, to: 3 }],
  ],
  'items whose names repeat by position': [
    [
      { id: 1, x: 1 },
      { id: 1, x: 2 },
    ],
    [
      { id: 1, x: 1 },
      { id: 1, x: 9 },
    ],
    [{ field: '[1].x', from: 2, to: 9 }],
  ],
  'plain items as a set': [
    { ips: ['10.0.0.1', '10.0.0.2'] },
    { ips: ['10.0.0.2', '10.0.0.3'] },
    [
      { field: 'ips', from: '10.0.0.1' },
      { field: 'ips', to: '10.0.0.3' },
    ],
  ],
  'an object against a plain value': [{ a: { b: 1 } }, { a: 'x' }, [{ field: 'a', from: { b: 1 }, to: 'x' }]],
  'nothing against an object': [undefined, { a: 1 }, [{ field: 'value', to: { a: 1 } }]],
  'names that are no words': [{ 'a\n"b': 1 }, {}, [{ field: '["a\\n\\"b"]', from: 1 }]],
  'names that every object has': [
    {},
    JSON.parse('{"__proto__":1,"toString":2}'),
    [
      { field: '__proto__', to: 1 },
      { field: 'toString', to: 2 },
    ],
  ],
};

for (const [name, [before, after, changes]] of Object.entries(rows)) {
  test(`difference: ${name}`, () => {
    assert.deepEqual(difference(before, after), changes);
  });
}

test('what goes beyond the asked number of fields is counted', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, at]));
  const changes = difference(many, {}, 5);
  assert.deepEqual(
    changes.map(({ field }) => field),
    ['f0', 'f1', 'f2', 'f3', 'and 46 more fields'],
  );
  assert.equal(difference(many, {}, 50).length, 50);
});

test('a value without end is compared in part, and that is said', () => {
  const long = Array.from({ length: 200_000 }, (_, id) => ({ id, x: 1 }));
  const changes = difference(
    long,
    long.map(({ id }) => ({ id, x: 2 })),
    3,
  );
  assert.deepEqual(
    changes.map(({ field }) => field),
    ['["0"].x', '["1"].x', 'and more fields'],
  );
  let deep: unknown = 1;
  for (let level = 0; level < 60; level += 1) deep = { a: deep };
  assert.equal(difference(deep, { a: { a: {} } }).length, 1);
  assert.deepEqual(difference(deep, structuredClone(deep)), []);
});

test('a value does not differ from itself, and what differs is told', () => {
  fc.assert(
    fc.property(jsonValue(['id', 'value', 'name']), jsonValue(['id', 'value', 'name']), (left, right) => {
      assert.deepEqual(difference(left, structuredClone(left)), []);
      assert.equal(difference(left, right).length, difference(right, left).length);
      assert.ok(difference({ x: left, y: 1 }, { x: right, y: 2 }, 100_000).some(({ field }) => field === 'y'));
    }),
    runs(500),
  );
});
