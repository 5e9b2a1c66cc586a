/** The predicates that settle lost answers, on whatever an account may hold: a verdict each time, never an exception. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { actions } from '../../tools/index.js';
import { contains } from '../../tools/settlements.js';
import { cursorAt, positionOf, type Resource } from '../../tools/unified-input.js';
import { hostileText, jsonValue, objectWith, runs } from './arbitraries.js';

const names = [
  'id',
  'name',
  'members',
  'value',
  'roles',
  'active',
  'displayName',
  'userName',
  'Operations',
  'path',
  'op',
  'status',
];
const data = jsonValue(names);
const settlements = actions.flatMap((action) =>
  action.kind === 'http' && action.settle !== undefined ? [action.settle] : [],
);

test('everything contains itself', () => {
  fc.assert(
    fc.property(data, (value) => assert.ok(contains(value, value))),
    runs(1_000),
  );
});

test('what was added does not hide what was there', () => {
  fc.assert(
    fc.property(objectWith(names), jsonValue(names), (value, more) =>
      assert.ok(contains({ ...value, somethingElse: more }, value)),
    ),
    runs(1_000),
  );
});

test('text is not contained where there is nothing, or something that is no text', () => {
  const other = fc.oneof(fc.constant(undefined), fc.constant({}), fc.array(hostileText), objectWith(names));
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.constantFrom('undefined', '[object Object]', 'a,b')), other, (text, value) =>
      assert.ok(!contains(value, text)),
    ),
    runs(1_000),
  );
});

test('a number is contained however many zeros it is written with, and is no other number', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(10 ** 6), fc.nat(20), (whole, fraction, zeros) => {
      const text = `${whole}.${fraction}`;
      assert.ok(contains(text + '0'.repeat(zeros), text));
      assert.ok(!contains(`${whole + 1}.${fraction}`, text));
      assert.ok(contains(`${whole}.${'0'.repeat(zeros + 1)}`, String(whole)));
    }),
    runs(1_000),
  );
});

test('every predicate has a verdict on any data and any arguments', () => {
  const input = fc.record(
    {
      id: hostileText,
      Operations: fc.array(
        fc.record(
          {
            op: fc.constantFrom('add', 'remove', 'replace'),
            path: fc.oneof(hostileText, fc.constantFrom('active', 'roles', 'name.givenName', 'roles[value eq "a"]')),
            value: data,
          },
          { requiredKeys: ['op'] },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      permissions: fc.array(hostileText, { maxLength: 3 }),
      member_id: hostileText,
      principal_id: hostileText,
      workspace_id: hostileText,
    },
    { requiredKeys: ['id', 'Operations', 'permissions'] },
  );
  fc.assert(
    fc.property(fc.oneof(data, objectWith(names)), input, fc.constantFrom(...settlements), (read, args, settle) => {
      const verdict = settle.as === 'created' ? settle.matches(read, args) : settle.holds(read, args);
      assert.ok(verdict === undefined || typeof verdict === 'boolean', String(verdict));
    }),
    runs(1_000),
  );
});

// S039
test('a cursor leads back to its position in its own list, and nowhere else', () => {
  const resource = fc.constantFrom<Resource>('users', 'groups', 'roles', 'organizations');
  fc.assert(
    fc.property(resource, resource, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (of, other, at) => {
      assert.equal(positionOf(of, cursorAt(of, at)), at);
      if (other !== of) assert.equal(positionOf(other, cursorAt(of, at)), undefined);
    }),
    runs(1_000),
  );
});

// S039
test('a cursor that was tampered with or made up is none', () => {
  const forged = fc.oneof(
    hostileText,
    fc.base64String(),
    fc.tuple(fc.nat(60), fc.constantFrom('A', 'b', '=', '_', ' ')).map(([at, letter]) => {
      const real = cursorAt('users', 26);
      return real.slice(0, at) + letter + real.slice(at + 1);
    }),
  );
  fc.assert(
    fc.property(forged, (cursor) => {
      const at = positionOf('users', cursor);
      if (at !== undefined) assert.equal(cursorAt('users', at), cursor);
    }),
    runs(1_000),
  );
});
