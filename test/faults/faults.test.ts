/** Runs every row of the fault table that does not have to wait for a limit, and holds each to what it expects. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { quickCases } from './cases.js';
import { complaints } from './judge.js';
import { runCase } from './run.js';
import { subjects } from './subjects.js';

describe('under each fault a call ends as the fault table says', { concurrency: 8 }, () => {
  for (const row of quickCases) {
    const scenarios = row.scenarios.join(', ');
    test(`${subjects[row.subject].action} meets "${row.name}" and ends as ${row.expected.ends} (${scenarios})`, async () => {
      const seen = await runCase(row);
      assert.deepEqual(complaints(row, seen), [], JSON.stringify(seen.answer));
    });
  }
});

test('no two rows of the table have the same fault and call', () => {
  const names = quickCases.map(({ subject, name }) => `${subject}: ${name}`);
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});
