/** Keeps the list of scenarios true: none is missing, every file named exists and speaks of it, the page shows it all. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertProven, numbers, withSection } from '../scenario.js';
import { allCases } from './cases.js';
import { documentPath, scenariosAsTable } from './document.js';
import { rowsOf, scenarios } from './scenarios.js';

test('every promised scenario is in the list once, in order', () => {
  assert.deepEqual(
    scenarios.map(({ id }) => id),
    [...numbers(1, 10), ...numbers(39, 88), 'S147'],
  );
});

test('every scenario is proven by a row of the fault table or by a test that says so', () => {
  for (const each of scenarios) {
    assert.ok(rowsOf(each.id) + each.proofs.length > 0, `${each.id} is proven nowhere`);
    assertProven(each);
  }
});

test('every row of the fault table names scenarios of the list', () => {
  const known = new Set(scenarios.map(({ id }) => id));
  for (const { name, scenarios: named } of allCases) {
    assert.ok(named.length > 0 && named.every((id) => known.has(id)), name);
  }
});

test('docs/reliability.md holds the list as it is, and a row for every fault', () => {
  const text = readFileSync(documentPath, 'utf8');
  assert.equal(text, withSection(text, 'scenarios', scenariosAsTable()), 'npm run faults writes it anew');
  for (const { name } of allCases) assert.ok(text.includes(`| ${name.replaceAll('|', '\\|')} |`), name);
});
