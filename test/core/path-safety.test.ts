/** Ids in paths: each arrives as exactly one segment, and what could leave its segment is refused before anything is sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ActionError } from '../../src/core/errors.js';
import { parseInput } from '../../src/core/input.js';
import { type JsonSchema, toolSchema } from '../../src/core/schema.js';
import { buildRequest, type WireRequest } from '../../src/core/wire.js';
import { type Action, actions, type HttpAction } from '../../tools/index.js';

const account = '11111111-2222-4333-8444-555555555555';
const isHttp = (action: Action): action is HttpAction => action.kind === 'http';
const targets = actions.filter(isHttp).flatMap((action) => action.params.map((param) => ({ action, param })));

/** A value the schema takes. Patterns are not part of the schema that is shown, so a few forms are tried. */
function example(schema: JsonSchema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return schema.items === undefined ? [] : [example(schema.items)];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer') return 1;
  if (schema.type !== 'object') return '1';
  const properties = schema.properties ?? {};
  return Object.fromEntries((schema.required ?? []).map((name) => [name, example(properties[name] ?? {})]));
}

function wire(action: HttpAction, over: Record<string, unknown>): WireRequest {
  const args = { ...(example(toolSchema(action)) as object), ...over };
  return buildRequest(action, parseInput(action, args).input, account);
}

const isInt64 = (action: HttpAction, param: string) => {
  try {
    wire(action, { [param]: 'not digits' });
    return false;
  } catch {
    return true;
  }
};

test('the catalogue has parameters in paths', () => assert.ok(targets.length > 30, `${targets.length}`));

const refused: readonly string[] = [
  '',
  '.',
  '..',
  '../x',
  '..\\x',
  './x',
  'x/..',
  '/',
  '//evil.example',
  'a/b',
  'a\\b',
  '%2e',
  '%2e%2e',
  '%2E%2e',
  '.%2e',
  '%2e.',
  '%252e%252e',
  '%252e%252e%252f',
  '%25252e%25252e%25252fx',
  'a%2fb',
  'a%2Fb',
  'a%5cb',
  'a%252fb',
  'a%00b',
  'a%0d%0ab',
  'a\u0000b',
  'a\rb',
  'a\nb',
  'a\r\nX-Evil: 1',
  'a\tb',
  'a\u007fb',
  'a\ud800',
  '\udc00a',
  'x'.repeat(513),
  'x'.repeat(10_000),
];

test('no path parameter of any action takes what could leave its segment', () => {
  for (const { action, param } of targets) {
    for (const value of refused) {
      assert.throws(
        () => wire(action, { [param]: value }),
        (error) =>
          error instanceof ActionError &&
          error.failure.kind === 'input' &&
          error.failure.sent === 'no' &&
          error.message.includes(param),
        `${action.id} ${param} ${JSON.stringify(value.slice(0, 40))}`,
      );
    }
  }
});

test('nothing but one string is taken for an id', () => {
  for (const { action, param } of targets) {
    for (const value of [null, undefined, true, [], ['1'], {}, { toString: 'x' }, Number.NaN, 1.5, 2 ** 60]) {
      assert.throws(() => wire(action, { [param]: value }), ActionError, `${action.id} ${param}`);
    }
  }
});

/**
 * Ids are taken literally: `a%20b` is the five characters a, %, 2, 0, b, so its percent sign is encoded and the server
 * decodes it back to exactly those. Only what would decode into a separator, dots or control characters is refused.
 */
const literal: readonly string[] = [
  'a b',
  ' ',
  'a+b',
  'a#b',
  'a?b',
  '?force=true',
  'a&b=c',
  'a=b',
  '100%',
  '%',
  '%zz',
  'a%20b',
  'a%2',
  'a;b',
  'a:b',
  'a@b.example',
  'a.b',
  '...',
  '.hidden',
  "it's",
  '"quoted"',
  '{account_id}',
  '$&',
  '$1',
  '*',
  '~',
  'Zoë',
  '数据',
  'مستخدم',
  '😀👩‍👩‍👧',
  '．．／',
  '\u2024\u2024',
  '\u202e',
  'x'.repeat(512),
];

function segmentOf(action: HttpAction, param: string, path: string): string {
  const index = action.path.split('/').indexOf(`{${param}}`);
  const [segments = ''] = path.split('?');
  assert.equal(segments.split('/').length, action.path.split('/').length, path);
  return segments.split('/')[index] ?? '';
}

function arrivesAs(action: HttpAction, param: string, value: string): void {
  const { path } = wire(action, { [param]: value });
  assert.ok(path.startsWith(action.path.slice(0, 14)) && path.includes(`/accounts/${account}/`), path);
  assert.match(path, /^[\x21-\x7e]+$/);
  const segment = segmentOf(action, param, path);
  assert.doesNotMatch(segment, /[/?#&=+ \\]/);
  assert.equal(decodeURIComponent(segment), value, `${action.id} ${path}`);
  // What a URL parser makes of it is what was meant: nothing is collapsed, nothing becomes a query or a fragment.
  const url = new URL(path, 'https://accounts.example');
  assert.equal(url.host, 'accounts.example');
  assert.equal(url.hash, '');
  assert.equal(decodeURIComponent(segmentOf(action, param, url.pathname)), value);
}

test('every other id arrives as exactly one encoded segment', () => {
  let checked = 0;
  for (const { action, param } of targets) {
    if (isInt64(action, param)) continue;
    for (const value of literal) arrivesAs(action, param, value);
    checked += 1;
  }
  assert.ok(checked > 20, `${checked}`);
});

test('a 64-bit id in a path takes digits only, all of them', () => {
  const numeric = targets.filter(({ action, param }) => isInt64(action, param));
  assert.ok(numeric.length > 0);
  for (const { action, param } of numeric) {
    for (const value of literal)
      assert.throws(() => wire(action, { [param]: value }), ActionError, `${action.id} ${value}`);
    for (const value of ['1', '0', '1234567890123456789', '9999999999999999999']) arrivesAs(action, param, value);
    for (const value of ['01', '-1', '1.0', '1e3', '99999999999999999999']) {
      assert.throws(() => wire(action, { [param]: value }), ActionError, `${action.id} ${value}`);
    }
  }
});

test('any id at all arrives as one segment or is refused', () => {
  const [target] = targets.filter(({ action, param }) => !isInt64(action, param));
  assert.ok(target);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      try {
        arrivesAs(target.action, target.param, value);
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
        assert.equal(error.failure.kind, 'input');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('the account id of the connection fills the path and is guarded the same way', () => {
  const action = actions.filter(isHttp).find(({ params }) => params.length === 0);
  assert.ok(action);
  for (const value of refused) assert.throws(() => buildRequest(action, {}, value), ActionError);
});

test('query values cannot add parameters or end the query', () => {
  for (const action of actions.filter(isHttp).filter(({ method }) => method === 'GET')) {
    const properties = toolSchema(action).properties ?? {};
    const fields = Object.keys(properties).filter((name) => !action.params.includes(name) && name !== 'all');
    for (const name of fields.filter(
      (each) => properties[each]?.type === 'string' && properties[each]?.enum === undefined,
    )) {
      const value = 'x" or a eq "b&force=true#f?g+h %26 ü';
      let path: string;
      try {
        ({ path } = wire(action, { [name]: value }));
      } catch (error) {
        assert.ok(error instanceof ActionError);
        continue;
      }
      const url = new URL(path, 'https://accounts.example');
      assert.equal(url.searchParams.get(name), value, `${action.id} ${path}`);
      assert.equal(url.searchParams.get('force'), null);
      assert.equal(url.hash, '');
    }
  }
});
