/**
 * The whole tool surface in one committed file: a change of any word a model sees shows up as a diff to be judged.
 * `UPDATE_SNAPSHOTS=1` rewrites the file.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { type JsonSchema, listedSchema, toolSchema } from '../../src/core/schema.js';
import { actions } from '../../tools/index.js';
import { sourceFile } from './reference.js';

const file = sourceFile('tools.snapshot.json');

/** Arguments that are taken and not shown, by their place. */
function unlisted(at: string, whole: JsonSchema, listed: JsonSchema | undefined): string[] {
  return Object.entries(whole.properties ?? whole.items?.properties ?? {}).flatMap(([name, inner]) => {
    const shown = (listed?.properties ?? listed?.items?.properties)?.[name];
    return shown === undefined ? [`${at}${name}`] : unlisted(`${at}${name}.`, inner, shown);
  });
}

const surface = actions.map((action) => ({
  id: action.id,
  label: action.label,
  scopes: action.scopes,
  risk: action.risk,
  effect: action.effect,
  clouds: action.clouds,
  description: action.description,
  input: listedSchema(action),
  unlisted: unlisted('', toolSchema(action), listedSchema(action)),
}));

test('the tool surface is the committed one', () => {
  const text = `${JSON.stringify(surface, null, 1)}\n`;
  if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(file, text);
  const committed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(JSON.parse(text), committed, 'Look at the difference, then run with UPDATE_SNAPSHOTS=1.');
});
