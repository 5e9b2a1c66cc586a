/** The arithmetic of the bench and its table. What it measures is asserted nowhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageParts, userPage } from './accounts.js';
import { goals, missedBy } from './goals.js';
import { median, pairedRatio } from './numbers.js';
import { report } from './report.js';

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 2, 9]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('a ratio is taken in each pair, so a slow round weighs no more than another', () => {
  assert.equal(pairedRatio([20, 2, 300], [10, 1, 100]), 2);
});

test('a goal tells by how much it is missed, in its own direction', () => {
  assert.equal(missedBy(goals.list, 6_900), '');
  assert.equal(missedBy(goals.list, 13_800), '2.00 ×');
  assert.equal(missedBy(goals.throughput, 8_000), '');
  assert.equal(missedBy(goals.throughput, 4_000), '2.00 ×');
  assert.equal(missedBy(goals.cancel, Number.NaN), 'never');
  assert.equal(missedBy(goals.search, undefined), 'not measured');
});

test('the report has a row for each finding, with both goals', () => {
  const text = report(
    ['# Benchmark'],
    [
      {
        title: 'Start',
        table: [
          ['server', 'ms'],
          ['one', '12'],
        ],
        findings: [{ goal: goals.start, value: 5.4, best: 8.1 }],
      },
    ],
  );
  assert.match(
    text,
    /\| start to an answered `tools\/list` over stdio \| × bare node \| 8\.10 \| 5\.40 \| ≤ 2\.7 \| ≤ 1\.9 \| 2\.00 × \|/,
  );
  assert.match(text, /## Start\n\n\| server \| ms \|\n\| --- \| --- \|\n\| one \| 12 \|/);
});

test('the upstream answers a page of a hundred, projected where asked, and usage of the size wanted', () => {
  const { Resources } = userPage(['userName']) as { Resources: object[] };
  assert.equal(Resources.length, 100);
  assert.deepEqual(Object.keys(Resources[0] ?? {}), ['id', 'userName']);
  const bytes = usageParts(5_000_000).reduce((sum, part) => sum + part.length, 0);
  assert.ok(Math.abs(bytes - 5_000_000) < 300_000, `${bytes}`);
});
