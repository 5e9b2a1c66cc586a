/** JSON with 64-bit integers: what Databricks sends and what is sent back keep every digit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeJson, isObject, parseJson } from '../../src/core/json.js';

const numbers: readonly (readonly [text: string, value: unknown])[] = [
  ['0', 0],
  ['-1', -1],
  ['1.5', 1.5],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740992', '9007199254740992'],
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['9223372036854775807', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['0.12345678901234567', Number('0.12345678901234567')],
  ['1.2345678901234567e20', Number('1.2345678901234567e20')],
];

test('a number keeps every digit: an integer no double can hold becomes its digits, everything else a number', () => {
  for (const [text, value] of numbers) {
    assert.deepEqual(parseJson(text), value, text);
    assert.deepEqual(parseJson(`{"a":[{"id":${text}}]}`), { a: [{ id: value }] }, text);
  }
});

test('a bigint is written as a number with all its digits, and comes back as those digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
      assert.equal(encodeJson({ id }), `{"id":${id}}`);
      assert.equal(String((parseJson(encodeJson({ id })) as { id: unknown }).id), String(id));
    }),
  );
});

test('a string of digits stays a string in both directions', () => {
  assert.equal(encodeJson({ id: '12345678901234567890' }), '{"id":"12345678901234567890"}');
  assert.deepEqual(parseJson('{"id":"12345678901234567890"}'), { id: '12345678901234567890' });
});

test('without integers beyond 2^53 it parses what JSON.parse parses, on the fast path and on the exact one', () => {
  fc.assert(
    fc.property(
      fc.json().filter((text) => !/\d{16}/.test(text)),
      (text) => {
        assert.deepEqual(parseJson(text), JSON.parse(text));
        const exact = parseJson(`[1234567890123456789,${text}]`) as unknown[];
        assert.equal(JSON.stringify(exact[1]), JSON.stringify(JSON.parse(text)));
      },
    ),
  );
});

for (const [path, filler] of [
  ['fast', '1'],
  ['exact', '12345678901234567890'],
] as const) {
  test(`on the ${path} path the key __proto__ is an ordinary key and changes no prototype`, () => {
    const value = parseJson(
      `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"n":${filler}}`,
    );
    assert.ok(isObject(value));
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal(value.polluted, undefined);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    assert.ok(Object.hasOwn(value, '__proto__'));
  });

  test(`on the ${path} path the last of duplicate keys counts`, () => {
    const value = parseJson(`{"a":{"x":1},"a":{"y":2},"b":1,"b":"2","n":${filler}}`) as Record<string, unknown>;
    assert.deepEqual([value.a, value.b], [{ y: 2 }, '2']);
  });

  test(`on the ${path} path broken JSON throws`, () => {
    for (const text of [
      `{"n":${filler}`,
      `{"n":${filler},}`,
      `[${filler}] x`,
      `{'n':${filler}}`,
      `{"n":0${filler}}`,
      '',
    ]) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });
}

test('what JSON cannot hold is left out or null, never the word undefined', () => {
  assert.equal(encodeJson({ a: undefined, b: [undefined], c: null }), '{"b":[null],"c":null}');
  assert.equal(encodeJson(undefined), 'null');
});

test('only a plain object counts as one', () => {
  for (const value of [null, undefined, [], 'x', 1, true]) assert.equal(isObject(value), false);
  assert.equal(isObject({}), true);
});
