/** Keeps the list of scenarios in docs/trust.md true: none is missing, and each is proven or says why not. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { assertProven, numbers, scenarioTable, withSection } from '../scenario.js';
import { scenarios } from './scenarios.js';

const page = join(import.meta.dirname, '../../../docs/trust.md');

test('every promised scenario is in the list once, in order', () => {
  assert.deepEqual(
    scenarios.map(({ id }) => id),
    [...numbers(11, 38), ...numbers(89, 106), ...numbers(131, 137), 'S140'],
  );
});

test('every scenario is proven by tests that say so, or tells why it is not', () => {
  for (const each of scenarios) {
    assert.ok(each.proofs.length > 0 || each.but !== undefined, `${each.id} is proven nowhere`);
    assertProven(each);
  }
});

test('docs/trust.md holds the list as it is; UPDATE_SNAPSHOTS=1 writes it', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = withSection(text, 'scenarios', scenarioTable(scenarios));
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(page, wanted);
  else assert.equal(text, wanted);
});
