/** The short version of the chaos run: a fixed seed, a few dozen schedules, a handful of deaths. The long one is run.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultTrial } from './faults.js';
import { deaths, killTrial } from './kill.js';
import { schedules } from './schedule.js';
import { type Finding, search, tellFinding, tellTotals } from './search.js';

const seed = 20_260_728;
const told = (findings: readonly Finding[], kind: string) =>
  findings.map((finding) => tellFinding(finding, `--${kind} 1`)).join('\n');

test('random schedules of calls and faults violate no invariant', async (t) => {
  const started = performance.now();
  const { totals, findings } = await search({ arbitrary: schedules, trial: faultTrial, rounds: 24, seed, workers: 8 });
  t.diagnostic(`seed ${seed}: ${tellTotals(totals, (performance.now() - started) / 1_000)}`);
  assert.equal(findings.length, 0, told(findings, 'rounds'));
});

test('a server killed while it writes leaves nothing doubled and nothing in the way', async (t) => {
  const started = performance.now();
  const { totals, findings } = await search({ arbitrary: deaths, trial: killTrial, rounds: 6, seed, workers: 3 });
  t.diagnostic(`seed ${seed}: ${tellTotals(totals, (performance.now() - started) / 1_000)}`);
  assert.equal(findings.length, 0, told(findings, 'kills'));
});
