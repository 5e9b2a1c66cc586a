/** `all: true`: pages are collected within bounds that are told, without repeating or losing items. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectLimits } from '../../src/collect.js';
import { failureOf, json } from '../databricks/servers.js';
import { account, action } from './account.js';

/** A SCIM list of so many users; `startIndex` and `count` as asked for. */
function scim(total: number) {
  return ({ url }: { url: string }) => {
    const query = new URL(url, 'http://x').searchParams;
    const start = Number(query.get('startIndex') ?? 1);
    const count = Number(query.get('count') ?? 100);
    const Resources = Array.from({ length: Math.max(0, Math.min(count, total - start + 1)) }, (_, index) => ({
      id: String(start + index),
    }));
    return { Resources, totalResults: total, startIndex: start, itemsPerPage: Resources.length };
  };
}

test('without all one page comes back, with the arguments of the next', async (t) => {
  const { executor, calls } = await account(t, (seen, res) => json(res, 200, scim(250)(seen)));
  const result = await executor.execute(action('list_users'), { filter: 'active eq true', count: '50' });
  assert.equal((result.data as unknown[]).length, 50);
  assert.equal(result.total, 250);
  assert.deepEqual(result.nextPage, { filter: 'active eq true', count: 50, startIndex: 51 });
  assert.equal(calls.length, 1);
  const next = await executor.execute(action('list_users'), result.nextPage);
  assert.deepEqual((next.data as { id: string }[])[0], { id: '51' });
});

test('with all the pages become one list, and progress is told', async (t) => {
  const { executor, calls } = await account(t, (seen, res) => json(res, 200, scim(250)(seen)));
  const told: unknown[] = [];
  const result = await executor.execute(
    action('list_users'),
    { all: true, filter: 'x' },
    { progress: (...each) => told.push(each) },
  );
  assert.equal((result.data as unknown[]).length, 250);
  assert.deepEqual([result.total, result.nextPage, result.note], [250, undefined, undefined]);
  assert.deepEqual(told, [
    [100, 250, 'items'],
    [200, 250, 'items'],
    [250, 250, 'items'],
  ]);
  assert.ok(calls.every(({ url }) => url.includes('filter=x') && !url.includes('all=')));
});

test('collecting stops at a bound, says so, and nextPage goes on from there', async (t) => {
  const { executor } = await account(t, (seen, res) => json(res, 200, scim(5_000)(seen)));
  const first = await executor.execute(action('list_users'), { all: true });
  assert.equal((first.data as unknown[]).length, collectLimits.items);
  assert.match(first.note ?? '', /^Stopped after 2000 items: the limit is 2000 items a call\. nextPage goes on/);
  assert.deepEqual(first.nextPage, { startIndex: 2_001, all: true });
  const second = await executor.execute(action('list_users'), first.nextPage);
  assert.deepEqual((second.data as unknown[])[0], { id: '2001' });
});

test('the number of pages is bounded', async (t) => {
  const { executor, calls } = await account(t, (seen, res) => json(res, 200, scim(5_000)(seen)));
  const result = await executor.execute(action('list_users'), { all: true, count: 3 });
  assert.equal(calls.length, collectLimits.pages);
  assert.match(result.note ?? '', /the limit is 50 pages/);
  assert.equal(result.nextPage?.startIndex, 151);
});

test('the time is bounded', async (t) => {
  const { executor, clock } = await account(t, (seen, res) => {
    clock.advance(20_000);
    json(res, 200, scim(5_000)(seen));
  });
  const result = await executor.execute(action('list_users'), { all: true });
  assert.equal((result.data as unknown[]).length, 200);
  assert.match(result.note ?? '', /time of a call is limited/);
});

test('items that come twice, because others write meanwhile, are kept once', async (t) => {
  const { executor } = await account(t, ({ url }, res) => {
    const start = Number(new URL(url, 'http://x').searchParams.get('startIndex') ?? 1);
    const Resources = start === 1 ? [{ id: '1' }, { id: '2' }] : [{ id: '2' }, { id: '3' }];
    json(res, 200, { Resources, totalResults: 4, startIndex: start });
  });
  const { data } = await executor.execute(action('list_users'), { all: true });
  assert.deepEqual(data, [{ id: '1' }, { id: '2' }, { id: '3' }]);
});

test('a page token that leads back ends the collecting, with what there is', async (t) => {
  for (const tokens of [
    ['a', 'a'],
    ['a', 'b', 'a'],
  ]) {
    let page = 0;
    const { executor, calls } = await account(t, (_, res) => {
      const next_page_token = tokens[page % tokens.length];
      page += 1;
      json(res, 200, { budgets: [{ budget_configuration_id: `${page}` }], next_page_token });
    });
    const result = await executor.execute(action('list_budgets'), { all: true });
    assert.match(result.note ?? '', /read already/);
    assert.equal(result.nextPage, undefined);
    assert.ok(calls.length <= tokens.length + 1, `${calls.length}`);
  }
});

test('a total that is never reached ends with the first empty page', async (t) => {
  const { executor, calls } = await account(t, ({ url }, res) => {
    const start = Number(new URL(url, 'http://x').searchParams.get('startIndex') ?? 1);
    json(res, 200, { Resources: start === 1 ? [{ id: '1' }] : [], totalResults: 1_000 });
  });
  const result = await executor.execute(action('list_users'), { all: true });
  assert.deepEqual([result.data, result.nextPage, calls.length], [[{ id: '1' }], undefined, 2]);
});

test('a page that fails fails the whole, and is not taken for the end', async (t) => {
  let page = 0;
  const { executor } = await account(t, (seen, res) => {
    page += 1;
    if (page > 1) json(res, 403, {});
    else json(res, 200, scim(250)(seen));
  });
  assert.equal((await failureOf(executor.execute(action('list_users'), { all: true }))).kind, 'forbidden');
});

test('collecting that is cancelled stops asking', async (t) => {
  const controller = new AbortController();
  const { executor, calls } = await account(t, (seen, res) => {
    if (calls.length === 2) controller.abort();
    json(res, 200, scim(5_000)(seen));
  });
  const failure = await failureOf(executor.execute(action('list_users'), { all: true }, { signal: controller.signal }));
  assert.equal(failure.kind, 'cancelled');
  assert.ok(calls.length <= 2);
});
