/** Answers with hidden characters: exact for whoever parses the text, visible for whoever reads it, and named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasHidden } from '../../src/core/visible.js';
import { escapeValue, visibleAnswer } from '../../src/core/visible-json.js';
import { jsonValue, runs } from '../fuzz/arbitraries.js';

test('an answer that hides nothing is passed on as it is', () => {
  const answer = { account_id: 'a', data: [{ displayName: 'Zoë 👨‍👩‍👧', note: 'two\nlines', path: 'C:\\users' }] };
  const { text, structured } = visibleAnswer(answer);
  assert.equal(text, JSON.stringify(answer));
  assert.equal(structured, answer);
});

test('a hidden character is an escape of JSON in the text and a spelled one in the structure, and its field is named', () => {
  const answer = { data: [{ id: '1' }, { displayName: 'a\u202eb\u{e0041}' }] };
  const { text, structured } = visibleAnswer(answer);
  assert.equal(
    text,
    '{"data":[{"id":"1"},{"displayName":"a\\u202eb\\udb40\\udc41"}],"suspicious_fields":["data[1].displayName"]}',
  );
  assert.deepEqual(structured, {
    data: [{ id: '1' }, { displayName: 'a\\u202eb\\u{e0041}' }],
    suspicious_fields: ['data[1].displayName'],
  });
});

test('what JSON itself writes as an escape is found too', () => {
  for (const value of ['\u001b[2J', '\b', '\ud800', '\t\u200cسلام', '\u0001\ufe0f\u20e3']) {
    assert.deepEqual(visibleAnswer({ data: value }).structured.suspicious_fields, ['data'], JSON.stringify(value));
  }
});

test('names of fields are escaped and named, and do not swallow each other', () => {
  const { text, structured } = visibleAnswer({ data: { 'a\u200b': 1, 'a\\u200b': 2, '\u200bc d': { x: '\u200b' } } });
  assert.deepEqual(structured.data, { 'a\\u200b': 1, 'a\\u200b_': 2, '\\u200bc d': { x: '\\u200b' } });
  assert.deepEqual(structured.suspicious_fields, ['data["a\\u200b"]', 'data["\\u200bc d"]', 'data["\\u200bc d"].x']);
  assert.deepEqual(Object.keys(JSON.parse(text).data), ['a\u200b', 'a\\u200b', '\u200bc d']);
});

test('at most twenty fields are named, the others counted', () => {
  const { structured } = visibleAnswer({ data: Array.from({ length: 25 }, () => '\u200b') });
  const names = structured.suspicious_fields as string[];
  assert.equal(names.length, 21);
  assert.equal(names.at(-1), 'and 5 more');
});

test('any JSON value survives the text exactly, and nothing hidden is left in text or structure', () => {
  fc.assert(
    fc.property(jsonValue(['displayName', 'a\u200bb']), fc.constantFrom(undefined, 2), (data, indent) => {
      const { text, structured } = visibleAnswer({ data }, indent);
      const { suspicious_fields, ...rest } = JSON.parse(text);
      assert.deepEqual(rest, JSON.parse(JSON.stringify({ data })));
      assert.equal(hasHidden(text), false);
      assert.equal(/\\[bfu]/.test(JSON.stringify(structured).replaceAll('\\\\', '')), false);
      assert.equal(hasHidden(JSON.stringify(structured)), false);
      assert.deepEqual(escapeValue(JSON.parse(text)), JSON.parse(JSON.stringify(structured)));
      assert.equal(suspicious_fields === undefined, !hiddenIn(data));
    }),
    runs(2_000),
  );
});

function hiddenIn(value: unknown): boolean {
  if (typeof value === 'string') return hasHidden(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => hasHidden(key) || hiddenIn(inner));
}
