/** Keeps the list of scenarios true: none is missing, every file named exists and speaks of it, the page shows it all. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allCases } from './cases.js';
import { documentPath, scenarioTable, withSection } from './document.js';
import { rowsOf, scenarios } from './scenarios.js';

const root = join(import.meta.dirname, '../../..');
const number = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `S${String(from + at).padStart(3, '0')}`);

test('every promised scenario is in the list once, in order', () => {
  assert.deepEqual(
    scenarios.map(({ id }) => id),
    [...number(1, 10), ...number(39, 88), 'S147'],
  );
});

test('every scenario is proven by a row of the fault table or by a test that says so', () => {
  for (const { id, proofs } of scenarios) {
    assert.ok(rowsOf(id) + proofs.length > 0, `${id} is proven nowhere`);
    for (const [file, words] of proofs) {
      assert.ok(readFileSync(join(root, file), 'utf8').includes(words), `${id}: ${file} says nothing of "${words}"`);
    }
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
  assert.equal(text, withSection(text, 'scenarios', scenarioTable()), 'npm run faults writes it anew');
  for (const { name } of allCases) assert.ok(text.includes(`| ${name.replaceAll('|', '\\|')} |`), name);
});
