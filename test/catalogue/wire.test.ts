/** What every http action puts on the wire, compared with tables written by hand from the API reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest } from '../../src/core/wire.js';
import { actions } from '../../tools/index.js';
import { reference } from './reference.js';
import type { WireRow } from './wire-row.js';
import { billingRows, csvRows } from './wire-rows-billing.js';
import { platformRows } from './wire-rows-platform.js';
import { scimRows } from './wire-rows-scim.js';

const httpActions = actions.flatMap((action) => (action.kind === 'http' ? [action] : []));

interface Table {
  readonly rows: readonly WireRow[];
  readonly accept: string;
  readonly contentType: string;
}

const json = 'application/json';
const tables: readonly Table[] = [
  { rows: scimRows, accept: 'application/scim+json, application/json', contentType: 'application/scim+json' },
  { rows: [...billingRows, ...platformRows], accept: json, contentType: json },
  { rows: csvRows, accept: 'text/plain', contentType: json },
];

function requestOf(id: string, input: object) {
  const action = httpActions.find((each) => each.id === id);
  assert.ok(action, `${id} is no http action`);
  return buildRequest(action, action.input.parse(input), 'acct');
}

for (const { rows, accept, contentType } of tables) {
  for (const [id, input, request, body] of rows) {
    test(`${id} with ${JSON.stringify(input)} sends exactly its request`, () => {
      const { method, path, headers, body: sent } = requestOf(id, input);
      assert.deepEqual({ request: `${method} ${path}`, body: sent }, { request, body });
      assert.deepEqual(headers, { accept, ...(body !== undefined && { 'content-type': contentType }) });
    });
  }
}

test('every http action has a row', () => {
  const covered = new Set(tables.flatMap(({ rows }) => rows.map(([id]) => id)));
  assert.deepEqual(
    httpActions.map((action) => action.id).filter((id) => !covered.has(id)),
    [],
  );
});

test('the rows of an action fill every argument it takes at least once', () => {
  const rows = tables.flatMap((table) => table.rows);
  const unused = httpActions.flatMap((action) => {
    const used = new Set(rows.filter(([id]) => id === action.id).flatMap(([, input]) => Object.keys(input)));
    return Object.keys(action.input.shape)
      .filter((name) => !used.has(name))
      .map((name) => `${action.id}: ${name}`);
  });
  assert.deepEqual(unused, []);
});

test('every content type sent is one the reference accepts', () => {
  for (const { rows, contentType } of tables) {
    for (const [id, , , body] of rows) {
      const { request, accepted_request_types = [request] } = reference.find((each) => each.id === id)!.content_type;
      assert.ok(body === undefined || accepted_request_types.includes(contentType), id);
    }
  }
});
