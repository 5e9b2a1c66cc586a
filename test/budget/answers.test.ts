/** What a model pays for an answer, against what Databricks sends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation, shownAnswer } from '../../src/shown.js';
import { actions, type HttpAction } from '../../tools/index.js';
import { answers, pageAsSent } from './answers.js';
import { countTokens } from './tokenizer.js';

test('a page of 100 users costs at most a quarter of what was sent, two fields of it half of that', () => {
  const sent = countTokens(pageAsSent());
  const share = (name: string) => countTokens(answers()[name] ?? '') / sent;
  assert.ok(share('page of 100 users') <= 0.25, String(share('page of 100 users')));
  assert.ok(share('page of 100 users, chosen fields') <= 0.15, String(share('page of 100 users, chosen fields')));
  assert.ok(share('page of 100 users, two fields') <= 0.13, String(share('page of 100 users, two fields')));
  for (const text of Object.values(answers())) assert.ok(text.length > 1_000, text);
});

test('a usage file of any size costs at most a thousand tokens', () => {
  assert.ok(countTokens(answers()['usage file'] ?? '') <= 1_000);
});

test('the longest answer fits what clients hand to a model', () => {
  const users = actions.find(({ id }) => id === 'databricks_list_users') as HttpAction;
  const data = Array.from({ length: 5_000 }, (_, at) => ({
    id: String(4_920_605_900_000_000 + at),
    userName: `person.${at}@example.com`,
    displayName: `Person ${at}`,
    active: at % 2 === 0,
  }));
  const selection = { given: {}, all: true, full: false, from: 1 };
  const text = JSON.stringify(shownAnswer(users, { data, total: 5_000 }, selection, conversation));
  // Claude Code takes 25,000 tokens and 50,000 characters of a result.
  assert.ok(countTokens(text) < 25_000 && text.length < 50_000, `${countTokens(text)}, ${text.length}`);
});
