/** Short descriptions must not make worse choices: requests in plain words find their tool, which takes the arguments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSearch } from '../../src/core/catalogue-search.js';
import { parseInput } from '../../src/core/input.js';
import { listedSchema } from '../../src/core/schema.js';
import { actions } from '../../tools/index.js';
import { type Request, requests } from './requests.js';

const search = createSearch(actions);
const isFound = ({ words, action }: Request) => search(words, 3).some(({ id }) => id === action);

test('at least 95 of 100 requests find their tool among the first three', () => {
  assert.ok(requests.length >= 60);
  const missed = requests.filter((each) => !isFound(each));
  const lines = missed.map(({ words, action }) => `${action}: ${words}`);
  assert.ok(missed.length <= requests.length * 0.05, lines.join('\n'));
});

test('every tool is asked for', () => {
  const asked = new Set(requests.map(({ action }) => action));
  assert.deepEqual(
    actions.map(({ id }) => id).filter((id) => !asked.has(id)),
    [],
  );
});

test('every tool takes the arguments of its request, and the list shows each of them', () => {
  for (const { action: id, args } of requests) {
    const action = actions.find((each) => each.id === id);
    assert.ok(action, id);
    parseInput(action, args);
    const shown = Object.keys(listedSchema(action).properties ?? {});
    assert.deepEqual(
      Object.keys(args).filter((name) => !shown.includes(name)),
      [],
      id,
    );
  }
});

test('no request is a description said again', () => {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z ]/g, '');
  for (const { words, action } of requests) {
    const { description = '' } = actions.find(({ id }) => id === action) ?? {};
    assert.ok(!plain(description).includes(plain(words)) && !plain(words).includes(plain(description)), words);
  }
});
