/** SCIM filters: whatever a value holds it stays one value, and whatever a filter is the account answers it or says 400. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../src/sandbox/errors.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { parseFilter } from '../../src/sandbox/scim/filter.js';
import * as scim from '../../tools/scim.js';
import { createUser } from '../../tools/users.js';
import { Account, v20 } from '../end-to-end/account.js';
import { atEnd } from '../mcp/server-process.js';
import { hostileText, runs } from './arbitraries.js';

/** Filters, well-formed and not. */
const word = fc.constantFrom(
  'eq',
  'ne',
  'co',
  'sw',
  'and',
  'or',
  'AND',
  'not',
  'pr',
  '(',
  ')',
  'userName',
  'emails.value',
  '"a"',
  '"',
  '1',
  'true',
);
const filter = fc.oneof(
  hostileText,
  fc.array(fc.oneof(word, hostileText), { maxLength: 12 }).map((words) => words.join(' ')),
);

// S010
test('a value of any kind in a filter is exactly one comparison with that value', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (value) => {
      const expected = { kind: 'compare', path: 'userName', operator: 'eq', value };
      assert.deepEqual(parseFilter(`userName eq ${scim.quoted(value)}`), expected);
      const read = createUser.settle?.args({ userName: value }).filter;
      assert.deepEqual(parseFilter(String(read)), expected);
    }),
    runs(1_000),
  );
});

// S010
test('a member id of any kind stays inside the value filter of its patch', () => {
  fc.assert(
    fc.property(hostileText, (value) => {
      const { Operations } = scim.removeMember({ member_id: value }) as { Operations: { path: string }[] };
      const [, inner] = /^members\[([\s\S]*)\]$/.exec(Operations[0]?.path ?? '') ?? [];
      assert.deepEqual(parseFilter(inner ?? ''), { kind: 'compare', path: 'value', operator: 'eq', value });
    }),
    runs(1_000),
  );
});

test('a filter of any kind is parsed or refused as invalidFilter', () => {
  fc.assert(
    fc.property(filter, (text) => {
      try {
        parseFilter(text);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.scimType === 'invalidFilter', String(error));
      }
    }),
    runs(1_000),
  );
});

test('a filter of as many parentheses as fit into a request is refused and does not exhaust the stack', () => {
  const deep = `${'('.repeat(7_000)}userName eq "a"${')'.repeat(7_000)}`;
  assert.throws(() => parseFilter(deep), Refusal);
});

test('over HTTP a filter of any kind is answered with a list or with 400', async () => {
  const sandbox = await startSandbox();
  atEnd(() => sandbox.close());
  const account = await Account.of(sandbox);
  await fc.assert(
    fc.asyncProperty(filter, async (text) => {
      const query = encodeURIComponent(text.toWellFormed());
      const { status, body } = await account.request('GET', `${v20}/scim/v2/Users?count=1&filter=${query}`);
      if (status === 200) assert.ok(Array.isArray(body.Resources));
      else assert.deepEqual([status, body.scimType], [400, 'invalidFilter']);
    }),
    runs(300),
  );
});
