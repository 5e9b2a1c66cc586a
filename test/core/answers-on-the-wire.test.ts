/** What the body of an answer is taken for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { readAnswer } from '../../src/core/wire.js';
import { type Action, actions, type HttpAction } from '../../tools/index.js';

const http = actions.filter(
  (action: Action): action is HttpAction => action.kind === 'http' && action.returns.as !== 'csv',
);
const lists = http.filter(({ returns }) => returns.as === 'list');
const objects = http.filter(({ returns }) => returns.as === 'object');

test('an empty answer of an action that returns an object is null, never undefined', () => {
  for (const action of objects) {
    for (const body of [undefined, null, {}]) assert.deepEqual(readAnswer(action, {}, body), { data: null }, action.id);
  }
});

test('what is neither object nor list is refused as an answer of the wrong shape', () => {
  for (const action of http) {
    const wrong: unknown[] = ['x', 7, true];
    const { returns } = action;
    if (returns.as === 'object') wrong.push([], [{ id: 1 }]);
    else if (returns.as === 'list' && returns.key !== undefined)
      wrong.push([], null, { [returns.key]: 'x' }, { [returns.key]: {} });
    else wrong.push({}, null);
    for (const body of wrong) {
      assert.throws(
        () => readAnswer(action, {}, body),
        (error) =>
          error instanceof ActionError &&
          error.failure.kind === 'unreadable' &&
          error.failure.code === 'UNEXPECTED_SHAPE',
        `${action.id} ${JSON.stringify(body)}`,
      );
    }
  }
});

test('a write whose answer has the wrong shape may have been carried out', () => {
  const [create] = objects.filter(({ effect }) => effect === 'create');
  assert.ok(create);
  assert.throws(
    () => readAnswer(create, {}, []),
    (error) => error instanceof ActionError && error.failure.sent === 'maybe',
  );
});

test('a list may be left out of its envelope when it is empty', () => {
  for (const action of lists.filter(({ returns }) => returns.as === 'list' && returns.key !== undefined)) {
    assert.deepEqual(readAnswer(action, {}, {}), { data: [] }, action.id);
  }
});

test('a wrapper is taken off; an answer without it is passed on whole', () => {
  for (const action of objects) {
    const key = action.returns.as === 'object' ? action.returns.key : undefined;
    if (key === undefined) continue;
    assert.deepEqual(readAnswer(action, {}, { [key]: { a: 1 }, b: 2 }).data, { a: 1 }, action.id);
    assert.deepEqual(readAnswer(action, {}, { b: 2 }).data, { b: 2 }, action.id);
  }
});

test('a page token leads to the same call with that token; none, or an empty one, ends the list', () => {
  for (const action of lists) {
    const key = action.returns.as === 'list' ? action.returns.key : undefined;
    if (action.nextPage === undefined || key === undefined || key === 'Resources') continue;
    const given = { some: 'argument', page_token: 'old' };
    const body = { [key]: [{}], next_page_token: 'new' };
    assert.deepEqual(readAnswer(action, given, body).nextPage, { some: 'argument', page_token: 'new' }, action.id);
    for (const next_page_token of [undefined, '', null, 7]) {
      assert.equal(readAnswer(action, given, { ...body, next_page_token }).nextPage, undefined, action.id);
    }
  }
});

test('SCIM goes on behind the last item until the total is reached', () => {
  for (const action of lists.filter(({ returns }) => returns.as === 'list' && returns.key === 'Resources')) {
    const page = (given: object, body: object) => readAnswer(action, given as never, body).nextPage;
    const two = [{ id: 1 }, { id: 2 }];
    assert.deepEqual(page({ filter: 'f' }, { Resources: two, totalResults: 5 }), { filter: 'f', startIndex: 3 });
    assert.deepEqual(page({ startIndex: 3 }, { Resources: two, totalResults: 5 }), { startIndex: 5 });
    assert.equal(page({ startIndex: 4 }, { Resources: two, totalResults: 5 }), undefined);
    assert.equal(page({}, { Resources: [], totalResults: 5 }), undefined, 'an empty page ends the list');
    assert.equal(page({}, { Resources: two }), undefined, 'without a total there is no telling');
  }
});
