/** Keeps docs/http.md true: its list of scenarios, none missing and each proven, and its table of limits. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { frontLimits } from '../../src/http/limits.js';
import { run } from '../cli/program.js';
import { assertProven, numbers, scenarioTable, withSection } from '../scenario.js';
import { limitRows, limitTable } from './limit-table.js';
import { scenarios } from './scenarios.js';

const page = join(import.meta.dirname, '../../../docs/http.md');

test('every promised scenario is in the list once, in order', () => {
  assert.deepEqual(
    scenarios.map(({ id }) => id),
    numbers(107, 130),
  );
});

test('every scenario of HTTP is proven by tests that say so', () => {
  for (const each of scenarios) {
    assert.ok(each.proofs.length > 0, `${each.id} is proven nowhere`);
    assertProven(each);
  }
});

test('every limit of the front has a row, and no row has none', () => {
  const named = limitRows.flatMap(({ limits }) => limits);
  assert.deepEqual([...named].sort(), Object.keys(frontLimits).sort());
});

test('docs/http.md holds both tables as they are; UPDATE_SNAPSHOTS=1 writes them', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = withSection(withSection(text, 'limits', limitTable()), 'scenarios', scenarioTable(scenarios));
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(page, wanted);
  else assert.equal(text, wanted);
});

test('every flag on the page, in the table of limits and in README’s part on HTTP is one of the program', async () => {
  const readme = readFileSync(join(page, '../../README.md'), 'utf8');
  const [, part = ''] = /\n## Serve a team over HTTP\n([\s\S]*?)\n## /.exec(readme) ?? assert.fail();
  const { stdout } = await run(['http', '--help']);
  const ofOthers = ['--transport', '--header', '--remote'];
  const named = [...(readFileSync(page, 'utf8') + part).matchAll(/(?<![\w|-])--[a-z][a-z-]+/g)].map(([flag]) => flag);
  assert.ok(named.length > 10);
  for (const flag of new Set(named)) if (!ofOthers.includes(flag)) assert.match(stdout, new RegExp(`${flag}\\b`), flag);
});
