/** `parseJson` against the native parser: the same verdict and value, except for integers a double cannot hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeJson, parseJson } from '../../src/core/json.js';
import { hostileBytes, hostileText, jsonValue, runs } from './arbitraries.js';

/** Sends the text down the exact path, which the native parser is not asked on. */
const padding = '0.1234567890123456';

const verdict = (parse: (text: string) => unknown, text: string): unknown => {
  try {
    return { value: parse(text) };
  } catch (error) {
    assert.ok(error instanceof SyntaxError, String(error));
    return 'refused';
  }
};

// S073
test('it reads all JSON without long integers as the native parser does, on either path', () => {
  fc.assert(
    fc.property(jsonValue(['id', 'a']), (value) => {
      const text = JSON.stringify(value);
      const long = `[${padding},${text}]`;
      assert.deepEqual(withoutLong(parseJson(text)), withoutLong(JSON.parse(text)));
      assert.deepEqual(withoutLong(parseJson(long)), withoutLong(JSON.parse(long)));
    }),
    runs(1_000),
  );
});

/** Unsafe integers count as one: what becomes of them is the next property's. */
const withoutLong = (value: unknown): unknown => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return 'long';
  if (typeof value === 'string' && /^-?\d{16,}$/.test(value)) return 'long';
  if (Array.isArray(value)) return value.map(withoutLong);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, each]) => [key, withoutLong(each)]);
};

// S073
test('it keeps every digit of any integer, wherever it stands', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n }), (id) => {
      assert.equal(String((parseJson(`{"id":${id}}`) as { id: unknown }).id), String(id));
      assert.equal(String((parseJson(`[[${id}]]`) as unknown[][])[0]?.[0] ?? parseJson(`${id}`)), String(id));
      assert.equal(encodeJson({ id }), `{"id":${id}}`);
    }),
    runs(1_000),
  );
});

test('of anything else it refuses what the native parser refuses, with a SyntaxError', () => {
  const broken = fc.oneof(
    hostileText,
    hostileBytes.map((bytes) => bytes.toString('utf8')),
    fc.tuple(jsonValue(['id']), fc.nat(), hostileText).map(([value, at, noise]) => {
      const text = JSON.stringify(value);
      return text.slice(0, at % (text.length + 1)) + noise + text.slice(at % (text.length + 1));
    }),
  );
  fc.assert(
    fc.property(broken, (text) => {
      for (const each of [text, `[${padding},${text}]`]) {
        const [ours, native] = [verdict(parseJson, each), verdict(JSON.parse, each)];
        assert.equal(ours === 'refused', native === 'refused', each);
      }
    }),
    runs(1_000),
  );
});

// S005
test('nesting of any depth is read or refused, never a crash', () => {
  for (const depth of [100, 5_000, 200_000]) {
    for (const text of [`${'['.repeat(depth)}${padding}${']'.repeat(depth)}`, '[{"a":'.repeat(depth)]) {
      try {
        parseJson(text);
      } catch (error) {
        assert.ok(error instanceof SyntaxError || error instanceof RangeError, String(error));
      }
    }
  }
});
