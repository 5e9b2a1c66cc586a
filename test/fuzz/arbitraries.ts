/** What strangers may send: bytes, text, JSON and headers of the kind that parsers stumble over. Numbers of runs, too. */
import process from 'node:process';
import fc from 'fast-check';

/** Runs of a property; `FUZZ_RUNS=20 npm test` runs twenty times as many. */
export function runs(usual: number): { numRuns: number } {
  const factor = Number(process.env.FUZZ_RUNS ?? 1);
  return { numRuns: Math.max(1, Math.round(usual * (factor > 0 ? factor : 1))) };
}

const fragments = [
  '"',
  "'",
  '\\',
  '\\"',
  '\\u0000',
  '\u0000',
  '\r\n',
  '\n',
  '\u001b[2J',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  '\udc00',
  '🚚',
  '<',
  '>',
  '</pre>',
  '<pre>',
  '<title>',
  '<!doctype html>',
  '{',
  '}',
  '[',
  ']',
  '{"',
  '":',
  ',',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  '%00',
  '%2e%2e',
  '..',
  '/',
  '9007199254740993',
  '-0',
  '1e999',
  'required scopes: ',
  'REQUEST_LIMIT_EXCEEDED',
  'ALREADY_EXISTS',
  'eq',
  ' or ',
  ' and ',
  '(',
  ')',
  'é',
] as const;

/** Text with everything that is special to one of the parsers. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 30 })
  .map((parts) => parts.join(''));

/** Bytes: of such text, or any. */
export const hostileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  hostileText.map((text) => Buffer.from(text)),
);

/** Any JSON value, with hostile text and the names that error bodies and tokens use. */
export const jsonValue = (names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(hostileText, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(fc.constantFrom(...names, 'toString', '__proto__'), fc.string({ maxLength: 6 })),
        tie('value'),
        {
          maxKeys: 6,
          noNullPrototype: true,
        },
      ),
    ),
  })).value;

/** An object that has some of these fields, with values of any kind. */
export const objectWith = (names: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.dictionary(fc.constantFrom(...names), jsonValue(names), { maxKeys: names.length, noNullPrototype: true });

/** Cuts text or bytes at any places. */
export const cuts = fc.array(fc.nat(), { maxLength: 8 });

export function cut<T extends { readonly length: number; slice(from: number, to?: number): T }>(
  whole: T,
  at: readonly number[],
): T[] {
  const places = [...new Set(at.map((each) => (whole.length === 0 ? 0 : each % whole.length)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => whole.slice(from, places[index] ?? whole.length));
}
