/** The catalogue says what the API reference says. Each difference on purpose is listed here with its reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputSchema } from '../../src/core/schema.js';
import { type Action, type HttpAction, tokenPages } from '../../tools/action.js';
import { actions } from '../../tools/index.js';
import { scimPages } from '../../tools/scim.js';
import { expectedInputs, inputDifferences } from './input-differences.js';
import { type ReferenceAction, reference } from './reference.js';

const allowedInputDifferences: readonly { readonly in: RegExp; readonly line: RegExp; readonly because: string }[] = [
  {
    in: /_budget$/,
    line: /^account_id: missing$/,
    because: 'The account comes from the connection and is never an argument.',
  },
  {
    in: /_update_(user|group|service_principal)$/,
    line: /^schemas: missing$/,
    because: 'A constant of every SCIM PATCH; the declaration adds it.',
  },
  {
    in: /_update_(user|group|service_principal)$/,
    line: /^Operations\[\]\.value: any in the reference, string here$/,
    because: 'MCP clients cannot show a choice of types; a string is shown, and scalars, lists and objects are taken.',
  },
  {
    in: /_create_(user|group|service_principal)$/,
    line: /^(members|roles|emails)\[\]\.\$ref: missing$/,
    because: 'Databricks derives the URI of an element from its value; a given one is ignored.',
  },
  {
    in: /_create_(user|group|service_principal)$/,
    line: /^(members|roles|emails)\[\]\.value: required here only$/,
    because: 'An element without a value says nothing.',
  },
  {
    in: /_create_or_update_workspace_permission_assignment$/,
    line: /^permissions\[\]: value UNKNOWN missing$/,
    because: 'It occurs in answers only: a permission that is not supported deletes all permissions of the principal.',
  },
  {
    in: /_create_service_principal_secret$/,
    line: /^scopes: required here only$/,
    because: 'Without scopes a secret opens everything: that has to be asked for.',
  },
  {
    in: /_assign_metastore_to_workspace$/,
    line: /^default_catalog_name: required in the reference only$/,
    because: 'Deprecated. The declaration sends an empty one where the model still requires it.',
  },
  {
    in: /_unified_/,
    line: /^(proxy|page|updated_after): missing$/,
    because:
      'A second way to the provider, and two deprecated arguments that have successors (tools/unified-input.ts).',
  },
];

const byId = new Map(actions.map((action) => [action.id as string, action]));
const pairs = reference.flatMap((expected) => {
  const action = byId.get(expected.id);
  return action === undefined ? [] : [{ action, expected }];
});
const httpPairs = pairs.flatMap(({ action, expected }) => (action.kind === 'http' ? [{ action, expected }] : []));

/** One comparison over all pairs, so that a failure shows every action that differs. */
function allEqual<A extends Action>(
  among: readonly { readonly action: A; readonly expected: ReferenceAction }[],
  here: (action: A) => unknown,
  there: (expected: ReferenceAction) => unknown,
) {
  assert.deepEqual(
    among.map(({ action }) => [action.id, here(action)]),
    among.map(({ expected }) => [expected.id, there(expected)]),
  );
}

/** `{id}` and `{group_id}` are the same place in a path; who fills it is compared with the arguments. */
const anonymous = (path: string) => path.replace(/\{(?!account_id\})\w+\}/g, '{}');

test('the catalogue holds exactly the actions of the reference', () => {
  assert.deepEqual(actions.map((action) => action.id).sort(), reference.map((each) => each.id).sort());
});

test('every label is the one of the reference', () => {
  allEqual(
    pairs,
    (action) => action.label,
    (expected) => expected.label,
  );
});

test('every action names the scope of the reference first and its alternatives after it', () => {
  allEqual(
    pairs,
    (action) => action.scopes,
    (expected) => [expected.scope, ...expected.also_accepted_scopes],
  );
});

test('every action exists on the clouds of the reference', () => {
  allEqual(
    pairs,
    (action) => action.clouds,
    (expected) => expected.clouds,
  );
});

test('exactly the actions of the unified model are derived', () => {
  allEqual(
    pairs,
    (action) => action.kind === 'derived',
    (expected) => expected.unified,
  );
});

test('every method and path is the one of the reference', () => {
  const exact = httpPairs.filter(({ expected }) => expected.action_inputs === null);
  const renamed = httpPairs.filter(({ expected }) => expected.action_inputs !== null);
  const route = (each: HttpAction | ReferenceAction) => `${each.method} ${each.path}`;
  allEqual(exact, route, route);
  allEqual(
    renamed,
    (action) => anonymous(route(action)),
    (expected) => anonymous(route(expected)),
  );
});

test('every answer is unwrapped as the reference wraps it', () => {
  allEqual(
    httpPairs,
    ({ returns }) => [returns.as, 'key' in returns ? returns.key : undefined],
    ({ response }) => {
      const { kind, wrapper_key, wrapper_type } = response;
      if (kind === 'stream') return ['csv', undefined];
      const isList = kind === 'array' || wrapper_type?.startsWith('array') === true;
      return [isList ? 'list' : 'object', wrapper_key ?? undefined];
    },
  );
});

test('every action pages in the style of the reference', () => {
  const paging = { none: undefined, page_token: tokenPages, scim: scimPages, unified_cursor: undefined };
  allEqual(
    httpPairs,
    (action) => action.nextPage,
    (expected) => paging[expected.pagination],
  );
});

test('every derived action that pages takes a cursor', () => {
  const derived = pairs.filter(({ action }) => action.kind === 'derived');
  allEqual(
    derived,
    (action) => 'next' in action.input.shape,
    ({ pagination }) => pagination === 'unified_cursor',
  );
});

test('every secret shown once is declared', () => {
  allEqual(
    httpPairs,
    (action) => (action.secret === undefined ? [] : [action.secret.field]),
    (expected) => expected.one_time_secret_fields,
  );
});

test('every action takes the arguments of the reference, but for the differences listed with a reason', () => {
  const unexplained = pairs.flatMap(({ action, expected }) =>
    inputDifferences(expected, inputSchema(action))
      .filter(
        (line) => !allowedInputDifferences.some((allowed) => allowed.in.test(action.id) && allowed.line.test(line)),
      )
      .map((line) => `${action.id}: ${line}`),
  );
  assert.deepEqual(unexplained, []);
});

test('no listed difference is left over from before', () => {
  const lines = pairs.flatMap(({ action, expected }) =>
    inputDifferences(expected, inputSchema(action)).map((line) => ({ id: action.id, line })),
  );
  const unused = allowedInputDifferences.filter(
    (allowed) => !lines.some(({ id, line }) => allowed.in.test(id) && allowed.line.test(line)),
  );
  assert.deepEqual(unused, []);
});

test('every documented expansion of the unified model is accepted and no other', () => {
  const expand = pairs.flatMap(({ action, expected }) => {
    const values = expectedInputs(expected).find((field) => field.name === 'expand')?.values;
    return values === undefined ? [] : [{ field: action.input.shape.expand, id: action.id, values }];
  });
  assert.equal(expand.length, 9);
  for (const { field, id, values } of expand) {
    for (const value of values) assert.ok(field?.safeParse(value).success, `${id} refuses ${value}`);
    assert.equal(field?.safeParse('owners').success, false, id);
  }
});

test('the unified fields are those of the reference', () => {
  for (const { action, expected } of pairs.filter((pair) => pair.expected.unified)) {
    const documented = expected.response.unified_fields ?? [];
    const { fields } = action.input.shape;
    assert.ok(fields?.safeParse(documented.join(',')).success, `${action.id} misses a documented field`);
    const message = fields?.safeParse('nonsense').error?.issues[0]?.message;
    assert.ok(message?.endsWith(`fields are ${documented.join(', ')}`), `${action.id}: ${message}`);
  }
});
