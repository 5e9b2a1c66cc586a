/** Arguments from a model: mended where there is one reading, refused by name where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { ActionError, type Failure } from '../../src/core/errors.js';
import { parseInput } from '../../src/core/input.js';
import { type JsonSchema, toolSchema } from '../../src/core/schema.js';
import { http, list, tokenPages } from '../../tools/action.js';
import { count, flag, int64, oneOf, strings, text } from '../../tools/fields.js';
import { type Action, actions } from '../../tools/index.js';

const sample = http({
  id: 'databricks_sample',
  label: 'Sample',
  scopes: ['scim'],
  description: 'Sample.',
  route: 'POST /api/2.0/accounts/{account_id}/samples/{id}',
  input: z.strictObject({
    id: text(),
    big: int64().optional(),
    size: count().optional(),
    on: flag().optional(),
    kind: oneOf(['A', 'B']).optional(),
    names: strings().optional(),
    inner: z.strictObject({ n: z.int(), ids: z.array(int64()).optional() }).optional(),
    page_token: text().optional(),
  }),
  returns: list('samples'),
  nextPage: tokenPages,
});

function refusal(action: Action, args: unknown): Failure {
  try {
    parseInput(action, args);
  } catch (error) {
    assert.ok(error instanceof ActionError, String(error));
    assert.equal(error.failure.kind, 'input');
    assert.equal(error.failure.sent, 'no');
    assert.doesNotMatch(JSON.stringify(error.failure), /undefined|\[object|Maximum call stack/);
    assert.ok(JSON.stringify(error.failure).length < 8_000, 'a refusal is short');
    return error.failure;
  }
  assert.fail(`accepted: ${JSON.stringify(args)?.slice(0, 200)}`);
}

const accepted = (args: object) => parseInput(sample, { id: 'x', ...args }).input;

/** What is written, and what it is taken for. */
const mended: readonly (readonly [args: Record<string, unknown>, taken: Record<string, unknown>])[] = [
  [{ id: 42 }, { id: '42' }],
  [{ id: -0 }, { id: '0' }],
  [{ big: '9223372036854775807' }, { big: 9223372036854775807n }],
  [{ big: 7 }, { big: 7n }],
  [{ big: 9007199254740991 }, { big: 9007199254740991n }],
  [{ size: '10' }, { size: 10 }],
  [{ on: 'true' }, { on: true }],
  [{ on: 'false' }, { on: false }],
  [{ names: '["a","b"]' }, { names: ['a', 'b'] }],
  [{ names: ' [1, 2] ' }, { names: ['1', '2'] }],
  [{ names: '[\n  "a"\n]' }, { names: ['a'] }],
  [{ inner: '{"n":1}' }, { inner: { n: 1 } }],
  [{ inner: '{"n":"1","ids":"[\\"12345678901234567\\"]"}' }, { inner: { n: 1, ids: [12345678901234567n] } }],
  [{ inner: '{"n":1,"ids":[12345678901234567]}' }, { inner: { n: 1, ids: [12345678901234567n] } }],
  [{ id: 'a b+c#d?e&f=g%h/ü😀' }, { id: 'a b+c#d?e&f=g%h/ü😀' }],
  [{ id: '[ops]' }, { id: '[ops]' }],
  [{ id: 'true' }, { id: 'true' }],
  [{ id: '{"a":1}' }, { id: '{"a":1}' }],
];

test('a slip of type with one reading is mended', () => {
  for (const [args, taken] of mended) assert.deepEqual(accepted(args), { id: 'x', ...taken }, JSON.stringify(args));
});

const refused: readonly (readonly [args: unknown, says: RegExp])[] = [
  [null, /have to be an object/],
  [[], /have to be an object/],
  ['{}', /have to be an object/],
  [7, /have to be an object/],
  [undefined, /id is required/],
  [{}, /id is required/],
  [{ id: null }, /id: must be of type string/],
  [{ id: '' }, /id: too small/],
  [{ id: true }, /id: must be of type string/],
  [{ id: 1.5 }, /id: must be of type string/],
  [{ id: 2 ** 53 }, /id: must be of type string/],
  [{ id: ['x'] }, /id: must be of type string/],
  [{ id: 'x', big: 2 ** 53 }, /big: must be of type string/],
  [{ id: 'x', big: '-1' }, /big: must be digits only/],
  [{ id: 'x', big: '1e3' }, /big: must be digits only/],
  [{ id: 'x', big: '0x10' }, /big: must be digits only/],
  [{ id: 'x', big: '1 ' }, /big: must be digits only/],
  [{ id: 'x', big: '٣' }, /big: must be digits only/],
  [{ id: 'x', size: 0 }, /size: too small, at least 1/],
  [{ id: 'x', size: '1.5' }, /size: must be of type/],
  [{ id: 'x', size: '' }, /size: must be of type/],
  [{ id: 'x', on: 'yes' }, /on: must be of type boolean/],
  [{ id: 'x', on: 1 }, /on: must be of type boolean/],
  [{ id: 'x', kind: 'C' }, /kind: must be one of "A", "B"/],
  [{ id: 'x', names: 'a,b' }, /names: must be of type array/],
  [{ id: 'x', names: [''] }, /names\.0: too small/],
  [{ id: 'x', names: '["a"' }, /names: /],
  [{ id: 'x', inner: {} }, /inner\.n is required/],
  [{ id: 'x', inner: { n: 1, m: 2 } }, /inner: unknown argument "m"/],
  [{ id: 'x', inner: '{"n":1,"m":2}' }, /inner: unknown argument "m"/],
  [{ id: 'x', force: true, Authorization: 'y' }, /unknown argument "force", "Authorization"/],
  [{ id: 'x', account_id: 'y' }, /unknown argument "account_id"/],
  [{ id: 'x', all: 'maybe' }, /all: must be of type boolean/],
  [{ id: 'a\u0000b' }, /"id" contains a control character/],
  [{ id: 'a\r\nb' }, /"id" contains a control character/],
  [{ id: 'a\u007fb' }, /"id" contains a control character/],
  [{ id: '{a\u0000b' }, /"id" contains a control character/],
  [{ id: '[a\nb' }, /"id" contains a control character/],
  [{ id: 'x', names: '["a\\u0000b"]' }, /"names\.0" contains a control character/],
  [{ id: 'x\ud800' }, /"id" is not well-formed Unicode/],
  [{ id: 'x'.repeat(100_001) }, /"id" is too long/],
  [{ id: 'x', names: Array.from({ length: 30_000 }, () => 'x') }, /too large/],
];

test('what has no reading is refused, and the refusal names the argument', () => {
  for (const [args, says] of refused) assert.match(refusal(sample, args).message, says);
});

test('an unknown argument is answered with those that are allowed', () => {
  const { next } = refusal(sample, { id: 'x', nope: 1 });
  assert.equal(next, 'Allowed arguments: id, big, size, on, kind, names, inner, page_token, all, dry_run, detail.');
});

test('a refusal stays short however much was wrong', () => {
  refusal(sample, Object.fromEntries(Array.from({ length: 15_000 }, (_, index) => [`unknown${index}`, 1])));
  refusal(sample, { id: 'x', [`k${'y'.repeat(90_000)}`]: 'a\u0000' });
  refusal(sample, { id: 'x', [`k${'y'.repeat(90_000)}`]: 1 });
});

test('keys of the prototype are unknown arguments and change nothing', () => {
  for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    assert.match(refusal(sample, JSON.parse(`{"id":"x","${key}":{"polluted":true}}`)).message, /unknown argument/);
    assert.match(refusal(sample, { id: 'x', inner: `{"n":1,"${key}":{"polluted":true}}` }).message, /unknown argument/);
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('arguments 200,000 levels deep are refused at once and without exhausting the stack', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 200_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
  const started = performance.now();
  for (const args of [{ id: deep }, { id: 'x', names: deep }, deep, { id: 'x', names: '['.repeat(99_000) }]) {
    if (!Array.isArray(args)) refusal(sample, args);
  }
  const text = `${'['.repeat(49_000)}${']'.repeat(49_000)}`;
  assert.match(refusal(sample, { id: 'x', names: text }).message, /too deeply/);
  assert.match(refusal(sample, { id: 'x', inner: `{"n":${text}}` }).message, /too deeply/);
  assert.ok(performance.now() - started < 1_000);
});

test('arguments are told back as they were written, mended, so that the next page can be asked for with them', () => {
  const { given, input, all } = parseInput(sample, { id: 7, big: 9, all: 'true' });
  assert.deepEqual(given, { id: '7', big: '9' });
  assert.deepEqual(input, { id: '7', big: 9n });
  assert.equal(all, true);
});

test('an action that does not page has no argument "all"', () => {
  const single = actions.find(({ id }) => id === 'databricks_get_user');
  assert.ok(single);
  assert.match(refusal(single, { id: '1', all: true }).message, /unknown argument "all"/);
});

/** Values that no schema of this type may take. */
const wrong: Record<string, readonly unknown[]> = {
  string: [null, true, 1.5, 2 ** 60, [], ['x'], {}, { value: 'x' }, Symbol.iterator, () => 'x'],
  integer: [null, true, 'x', '', '1.5', '1e3', 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, [], [1], {}],
  number: [null, true, 'x', '', [], {}, Number.NaN],
  boolean: [null, 0, 1, 'yes', 'TRUE', '', [], {}],
  array: [null, true, 1, 'x', '', '{}', '{"a":1}', {}, { 0: 'x' }, '[1', '"x"'],
  object: [null, true, 1, 'x', '', '[]', [], ['x'], '[{}]', '{"a"'],
};

/** A value the schema takes, so that one parameter at a time can be wrong. */
function example(schema: JsonSchema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return [];
  if (schema.type === 'object') return {};
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return '1';
}

function withRequired(schema: JsonSchema): Record<string, unknown> {
  const properties = schema.properties ?? {};
  return Object.fromEntries((schema.required ?? []).map((name) => [name, example(properties[name] ?? {})]));
}

test('every parameter of every action refuses every wrong type, by name', () => {
  let checked = 0;
  for (const action of actions) {
    const schema = toolSchema(action);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      for (const value of wrong[property.type ?? ''] ?? assert.fail(`${action.id} ${name}: no type`)) {
        // A list of names is as clear as names with commas.
        if (name === 'fields' && Array.isArray(value) && value.length > 0) continue;
        const { message } = refusal(action, { ...withRequired(schema), [name]: value });
        assert.match(message, new RegExp(`\\b${name}\\b`), `${action.id} ${name}: ${message}`);
        checked += 1;
      }
      if (property.enum !== undefined) refusal(action, { ...withRequired(schema), [name]: 'NOT_IN_THE_LIST' });
    }
  }
  assert.ok(checked > 1_000, `${checked}`);
});

test('every action refuses an unknown argument and a missing required one, by name', () => {
  for (const action of actions) {
    const schema = toolSchema(action);
    assert.match(refusal(action, { ...withRequired(schema), confirm: true }).message, /unknown argument "confirm"/);
    for (const name of schema.required ?? []) {
      const { [name]: _, ...rest } = withRequired(schema);
      assert.match(refusal(action, rest).message, new RegExp(`\\b${name} is required`), `${action.id} ${name}`);
    }
  }
});

test('an object with a length that is no number is refused like any other in the place of a text', () => {
  const odd = { length: { valueOf: 1, toString: 1 } };
  for (const action of actions.filter((each) => 'service_principal_id' in each.input.shape)) {
    assert.throws(() => parseInput(action, { service_principal_id: odd }), { name: 'ActionError' }, action.id);
  }
});

test('whatever an action is given, it is parsed or refused, never broken by', () => {
  const junk = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, maxDepth: 4 }),
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('../x', '\u0000', '__proto__', '[', '{', '[]', '{}', 'null', '-0', '1e999', 'NaN', '2026-13'),
  );
  for (const action of actions) {
    const names = Object.keys(toolSchema(action).properties ?? {});
    const args = fc.oneof(junk, fc.record(Object.fromEntries(names.map((name) => [name, junk])), { requiredKeys: [] }));
    fc.assert(
      fc.property(args, (value) => {
        try {
          parseInput(action, value);
        } catch (error) {
          assert.ok(error instanceof ActionError, `${action.id}: ${String(error)}`);
        }
      }),
      { numRuns: 60 },
    );
  }
});

test('a change of what a user has for good is refused, because Databricks would ignore it and say nothing', () => {
  const update = actions.find(({ id }) => id === 'databricks_update_user');
  assert.ok(update !== undefined);
  const patch = (operation: object) => ({
    id: '1',
    Operations: [{ op: 'replace', value: 'x@example.com', ...operation }],
  });
  for (const path of ['userName', 'username', 'emails', 'emails[type eq "work"].value', `${userUrn}:userName`]) {
    assert.match(refusal(update, patch({ path })).message, /cannot be changed; create a new user/, path);
  }
  refusal(update, patch({ value: '{"userName":"x@example.com"}' }));
  for (const path of ['displayName', 'name.givenName', 'roles[value eq "userName"]', undefined]) {
    parseInput(update, patch({ path }));
  }
});

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';

test('a role or a member may be given by its bare value', () => {
  const byId = (id: string) => actions.find((action) => action.id === id) as Action;
  const created = parseInput(byId('databricks_create_group'), { displayName: 'x', members: ['1'], roles: ['r'] });
  assert.deepEqual(created.input, { displayName: 'x', members: [{ value: '1' }], roles: [{ value: 'r' }] });
  const Operations = [{ op: 'add', path: 'roles', value: '["account_admin"]' }];
  const updated = parseInput(byId('databricks_update_user'), { id: '1', Operations });
  assert.deepEqual(updated.input.Operations, [{ op: 'add', path: 'roles', value: [{ value: 'account_admin' }] }]);
});

test('what Databricks knows one value for is filled in', () => {
  const createBudget = actions.find(({ id }) => id === 'databricks_create_budget') as Action;
  const alert_configurations = [{ quantity_threshold: '10' }];
  const { input } = parseInput(createBudget, { alert_configurations, filter: { workspace_id: { values: ['7'] } } });
  assert.deepEqual(input, {
    filter: { workspace_id: { operator: 'IN', values: [7n] } },
    alert_configurations: [
      {
        time_period: 'MONTH',
        trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
        quantity_type: 'LIST_PRICE_DOLLARS_USD',
        quantity_threshold: '10',
      },
    ],
  });
});
