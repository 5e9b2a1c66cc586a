/** The summary of a usage file made of any bytes: the same however they are cut, never an error, never unbounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createUsageSummary } from '../../src/core/usage-csv.js';
import { cut, cuts, hostileBytes, hostileText, runs } from './arbitraries.js';

const cell = fc.oneof(
  hostileText,
  fc.constantFrom('', '1.5', '-0.000000000000000001', '1e9', '2026-01-31T00:00:00Z', '"quoted"', '"open', 'PREMIUM'),
);
const table = fc
  .array(
    fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(',')),
    { maxLength: 12 },
  )
  .map((lines) => Buffer.from(['workspaceId,timestamp,sku,dbus', ...lines].join('\n')));

function summaryOf(chunks: readonly Buffer[]) {
  const summary = createUsageSummary();
  for (const chunk of chunks) summary.push(chunk);
  return summary.end();
}

// S040
test('any bytes give one summary, however they are cut', () => {
  fc.assert(
    fc.property(fc.oneof(hostileBytes, table), cuts, (bytes, at) => {
      assert.deepEqual(summaryOf(cut(bytes, at)), summaryOf([bytes]));
      assert.deepEqual(summaryOf([...bytes].map((byte) => Buffer.of(byte))), summaryOf([bytes]));
    }),
    runs(500),
  );
});

test('every line of a table is counted as a row, as malformed or as empty, and the sums are decimal numbers', () => {
  fc.assert(
    fc.property(table, (bytes) => {
      const { rows, malformed_rows, total_dbus, by_sku = [] } = summaryOf([bytes]);
      assert.ok(rows + malformed_rows <= bytes.toString().split('\n').length);
      assert.match(total_dbus ?? '', /^-?\d+(\.\d+)?$/);
      for (const { dbus } of by_sku) assert.match(dbus, /^-?\d+(\.\d+)?$/);
    }),
    runs(500),
  );
});
