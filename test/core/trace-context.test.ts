/** The trace context of a caller: exactly as W3C has it, or not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTraceContext } from '../../src/core/trace-context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const right = `00-${traceId}-${spanId}-01`;

test('a traceparent is read', () => {
  assert.deepEqual(readTraceContext(right, undefined), { traceId, spanId, flags: 1 });
  assert.deepEqual(readTraceContext(`cc-${traceId}-${spanId}-00`, 'a=1, b@c=x y'), {
    traceId,
    spanId,
    flags: 0,
    state: 'a=1,b@c=x y',
  });
});

test('what is not exactly a traceparent is none', () => {
  const wrong = [
    '',
    ` ${right}`,
    `${right}\n`,
    `${right}-00`,
    right.toUpperCase(),
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `${right}, ${right}`,
    right.repeat(200),
    [right],
    { length: 55 },
    7,
    null,
    undefined,
  ];
  for (const each of wrong) assert.equal(readTraceContext(each, 'a=1'), undefined, String(each));
});

test('a tracestate that breaks the grammar is left out, and the parent counts all the same', () => {
  const many = Array.from({ length: 33 }, (_, number) => `k${number}=1`).join(',');
  const wrong = [
    '',
    ',',
    'a',
    '=1',
    'a=',
    'A=1',
    'a=1,a=2',
    'a=b=c',
    'a=\u0000',
    'a=é',
    many,
    `a=${'x'.repeat(511)}`,
    7,
  ];
  for (const each of wrong)
    assert.deepEqual(readTraceContext(right, each), { traceId, spanId, flags: 1 }, String(each));
});

test('whatever is sent, what is kept is short and printable', () => {
  const piece = fc.oneof(
    fc.constantFrom('a=1', 'b=', ',', ' ', '=', '\t', 'k@v=x'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 200 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (state) => {
      const { state: kept = '' } = readTraceContext(right, state) ?? {};
      assert.ok(kept.length <= 512 && /^[\x20-\x7e]*$/.test(kept));
    }),
  );
});
