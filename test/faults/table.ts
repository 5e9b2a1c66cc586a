/**
 * `npm run faults`: runs every row of the fault table, the slow ones too, and writes what happened into
 * docs/reliability.md. Takes about as long as the longest call, a minute. Fails where a row is not as expected.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { withSection } from '../scenario.js';
import type { FaultCase } from './case.js';
import { quickCases } from './cases.js';
import { slowCases } from './cases-slow.js';
import { documentPath, faultTable, scenariosAsTable } from './document.js';
import { complaints } from './judge.js';
import { type Observed, runCase } from './run.js';

type Result = readonly [FaultCase, Observed];
const wrong: string[] = [];

/** Runs the rows in so many lanes and keeps their order. A row that breaks the executor is told and left out. */
async function runAll(rows: readonly FaultCase[], lanes: number): Promise<Result[]> {
  const results: (Result | undefined)[] = [];
  const todo = [...rows.entries()];
  const lane = async () => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      const [at, row] = next;
      try {
        const seen = await runCase(row);
        results[at] = [row, seen];
        wrong.push(...complaints(row, seen).map((each) => `${row.name}: ${each}`));
      } catch (error) {
        wrong.push(`${row.name}: ${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results.filter((each) => each !== undefined);
}

// The slow rows wait, each for itself, so they do it at the same time.
const [quick, slow] = await Promise.all([runAll(quickCases, 4), runAll(slowCases, slowCases.length)]);
const results = [...quick, ...slow];

for (const each of wrong) process.stderr.write(`${each}\n`);

const before = readFileSync(documentPath, 'utf8');
const after = withSection(withSection(before, 'faults', faultTable(results)), 'scenarios', scenariosAsTable());
if (after !== before) writeFileSync(documentPath, after);
process.stdout.write(`${results.length} faults, ${wrong.length} not as expected. ${documentPath}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
