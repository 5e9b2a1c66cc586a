/** Finding by words: rare words and names count more, verbs may be meant, and the order never depends on chance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRanking } from '../../src/core/ranking.js';

const rank = createRanking([
  { id: 'list', name: 'list_pets', body: 'Pets of the shelter.' },
  { id: 'get', name: 'get_pet', body: 'One pet with its vaccinations.' },
  { id: 'create', name: 'create_pet', body: 'Take in a pet. Needs a kennel.' },
  { id: 'delete', name: 'delete_pet', body: 'Give a pet away for good.' },
  { id: 'kennel', name: 'list_kennels', body: 'Kennels and the pets in them.' },
]);

test('a word of the name counts more than one of the text', () => {
  assert.deepEqual(rank('kennels', 2), ['kennel', 'create']);
});

test('many and one are told apart', () => {
  assert.equal(rank('pets', 1)[0], 'list');
  assert.equal(rank('the pet', 5).at(-1), 'kennel');
});

test('verbs are understood by what they mean', () => {
  assert.equal(rank('drop this pet', 1)[0], 'delete');
  assert.equal(rank('register a new pet', 1)[0], 'create');
});

test('endings do not hide a word', () => {
  assert.equal(rank('is he vaccinated? vaccination', 1)[0], 'get');
});

test('what shares no word is not found, and equal scores keep their order', () => {
  assert.deepEqual(rank('weather tomorrow', 5), []);
  assert.deepEqual(rank('', 5), []);
  const same = createRanking(['b', 'a', 'c'].map((id) => ({ id, name: 'x', body: 'same' })));
  assert.deepEqual(same('same', 3), ['b', 'a', 'c']);
  assert.deepEqual(createRanking([])('same', 3), []);
});

test('words of JavaScript objects are words like others', () => {
  assert.deepEqual(rank('constructor __proto__ toString', 5), []);
});
