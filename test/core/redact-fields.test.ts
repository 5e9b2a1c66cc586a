/** Fields named for a secret lose their text wherever they stand; fields that only sound like it keep theirs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Disclosed } from '../../src/core/disclosed.js';
import { createRedactor } from '../../src/core/redact.js';

const value = 'plain words 77';
const marked = [
  ...['secret', 'client_secret', 'clientSecret', 'CLIENT_SECRET', 'access_token', 'accessToken', 'refresh_token'],
  ...['id_token', 'token_value', 'password', 'Password', 'authorization', 'Authorization', 'proxy-authorization'],
  ...['Proxy-Authorization', 'cookie', 'Set-Cookie', 'assertion', 'client_assertion', 'private_key', 'privateKey'],
];

test('text under a marked field is masked, at any depth and in lists', () => {
  const { scrubValue } = createRedactor();
  for (const field of marked) {
    const clean = scrubValue({
      a: [{ [field]: value, kept: value }],
      [field]: [value, ['x', 1]],
      n: { [field]: value },
    });
    const expected = { a: [{ [field]: '[redacted]', kept: value }], n: { [field]: '[redacted]' } };
    assert.deepEqual(clean, { ...expected, [field]: ['[redacted]', ['[redacted]', 1]] }, field);
  }
});

const unmarked = [
  ...['secret_id', 'secret_hash', 'secrets', 'client_secret_expire_time', 'secret_expire_time', 'expire_time'],
  ...['token_access_policy', 'page_token', 'next_page_token', 'nextPageToken', 'nextPage', 'tokens', 'token_count'],
  ...['access_token_ttl_in_minutes', 'tokenCount', 'password_policy', 'cookies_enabled', 'key', 'id', 'my_secretary'],
];

test('fields that hold no secret keep their text', () => {
  const { scrubValue } = createRedactor();
  for (const field of unmarked) {
    const given = { [field]: value, inner: [{ [field]: value }] };
    assert.equal(scrubValue(given), given, field);
  }
});

test('under a marked field stays what is no text: a note of where a secret went, a number, nothing', () => {
  const { scrubValue } = createRedactor();
  const given = {
    secret: { stored_in: '/state/secrets/x.json', length: 36, sha256_8: '0a1b2c3d' },
    password: null,
    access_token: '',
    authorization: { kind: 'none', numbers: [1, 2] },
  };
  assert.equal(scrubValue(given), given);
});

test('what is changed is copied, what is not stays the same object', () => {
  const { scrubValue } = createRedactor();
  const same = { deep: [value] };
  const given = { first: 1, same, secret: value, last: [same, { password: value }] };
  const clean = scrubValue(given);
  assert.deepEqual(Object.keys(clean), Object.keys(given));
  assert.equal(clean.same, same);
  assert.equal(clean.last[0], same);
  assert.equal(given.secret, value);
});

test('a field named __proto__ is a field like any other', () => {
  const given = JSON.parse('{"__proto__": {"secret": "x1234567"}, "secret": "y1234567"}');
  const clean = createRedactor().scrubValue(given);
  assert.equal(JSON.stringify(clean), '{"__proto__":{"secret":"[redacted]"},"secret":"[redacted]"}');
});

test('marked fields inside a text are masked too, and JSON in it stays JSON', () => {
  const { scrub } = createRedactor();
  const body = JSON.stringify({ client_secret: 'abcd.1234', note: 'password reset', grant_type: 'x' });
  assert.deepEqual(JSON.parse(scrub(body)), { client_secret: '[redacted]', note: 'password reset', grant_type: 'x' });
  assert.equal(scrub(JSON.stringify(body)), JSON.stringify(body).replace('abcd.1234', '[redacted]'));
  assert.equal(scrub('grant_type=a&client_secret=abcd.1234&x=1'), 'grant_type=a&client_secret=[redacted]&x=1');
  assert.equal(scrub('DATABRICKS_CLIENT_SECRET=abcd.1234'), 'DATABRICKS_CLIENT_SECRET=[redacted]');
});

test('words about secrets stay', () => {
  const { scrub } = createRedactor();
  for (const text of [
    'Set DATABRICKS_CLIENT_SECRET_FILE or client_secret in a profile.',
    '"client_secret_expire_time":"2027-01-01T00:00:00Z"',
    'page_token=abcdefgh&next_page_token=abcdefgh',
    'valid_token=abcdefgh',
    '"password_policy": "strict-rules"',
    'password: required',
  ]) {
    assert.equal(scrub(text), text);
  }
});

test('a disclosed value is shown by the answer once, though the redactor knows it', () => {
  const redactor = createRedactor();
  const secret = 'dosecafecafecafecafecafecafecafecafe';
  redactor.add(secret);
  const answer = { secret: { value: new Disclosed(secret) }, echo: secret };
  assert.deepEqual(redactor.scrubAnswer(answer), { secret: { value: secret }, echo: '[redacted]' });
  assert.deepEqual(redactor.scrubAnswer(answer), { secret: { value: '[redacted]' }, echo: '[redacted]' });
});

test('a disclosed value is shown by nothing else', () => {
  const redactor = createRedactor();
  const value = new Disclosed('canary-canary');
  const shown = [JSON.stringify({ value }), inspect({ value }, { showHidden: true, depth: 9 }), `${value}`];
  shown.push(JSON.stringify(redactor.scrubValue({ value })), JSON.stringify({ ...value }));
  for (const each of shown) assert.ok(!each.includes('canary'), each);
  assert.equal(value.take(), 'canary-canary', 'and looking at it did not use it up');
});
