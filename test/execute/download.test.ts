/** The billable usage download: a file on disk, a summary in the result, and nothing left over when it fails. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { failureOf, json, until } from '../databricks/servers.js';
import { account, action } from './account.js';

const usage = action('download_billable_usage');
const months = { start_month: '2026-01', end_month: '2026-02' };
const header = 'workspaceId,timestamp,sku,dbus\n';
const row = (index: number) => `${1_000 + (index % 3)},2026-0${1 + (index % 2)}-03T00:00:00Z,SKU_${index % 2},0.5\n`;
const csv = header + Array.from({ length: 100 }, (_, index) => row(index)).join('');
const send = (text: string) => (_: unknown, res: ServerResponse) =>
  void res.writeHead(200, { 'content-type': 'text/plain' }).end(text);

const left = (directory: string) => (existsSync(join(directory, 'usage')) ? readdirSync(join(directory, 'usage')) : []);

test('usage goes to a private file; a small one comes inline too', async (t) => {
  const { executor, directory, calls } = await account(t, send(csv));
  const told: unknown[] = [];
  const { data } = await executor.execute(usage, months, { progress: (...each) => told.push(each) });
  const result = data as Record<string, unknown>;
  assert.equal(readFileSync(String(result.path), 'utf8'), csv);
  assert.equal(result.path, join(directory, 'usage', 'usage-2026-01-2026-02.csv'));
  assert.equal(statSync(String(result.path)).mode & 0o777, 0o600);
  assert.deepEqual([result.bytes, result.rows, result.total_dbus, result.csv], [csv.length, 100, '50', csv]);
  assert.deepEqual(result.months, ['2026-01', '2026-02']);
  assert.ok(told.length > 0);
  const url = new URL(calls[0]?.url ?? '', 'http://x');
  assert.deepEqual(Object.fromEntries(url.searchParams), months);
});

test('a compressed download is stored decompressed', async (t) => {
  const { executor } = await account(
    t,
    (_, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(csv)),
  );
  const { data } = await executor.execute(usage, months);
  assert.equal(readFileSync(String((data as { path: string }).path), 'utf8'), csv);
});

test('a large one stays on disk, and two of one name do not touch each other', async (t) => {
  const large = header + Array.from({ length: 5_000 }, (_, index) => row(index)).join('');
  const { executor, directory } = await account(t, send(large));
  const results = await Promise.all([executor.execute(usage, months), executor.execute(usage, months)]);
  for (const { data } of results) {
    assert.ok(!('csv' in (data as object)));
    assert.equal(readFileSync(String((data as { path: string }).path), 'utf8'), large);
  }
  assert.equal(left(directory).length, 2);
});

test('months that make no sense are refused before anything is sent', async (t) => {
  const { executor, server } = await account(t, send(csv));
  for (const args of [
    { start_month: '2026-02', end_month: '2026-01' },
    { start_month: '2019-02', end_month: '2026-01' },
    { start_month: '2026-13', end_month: '2026-13' },
    {},
  ]) {
    assert.equal((await failureOf(executor.execute(usage, args))).kind, 'input');
  }
  assert.equal(server.connections, 0);
});

test('a download that is refused or cut off leaves no file', async (t) => {
  for (const [answer, kind] of [
    [(res: ServerResponse) => json(res, 403, { message: 'required scopes: billing' }), 'missing_scope'],
    [
      (res: ServerResponse) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>login'),
      'unreadable',
    ],
    [
      (res: ServerResponse) => void res.writeHead(200, { 'content-length': '99999' }).write(csv, () => res.destroy()),
      'network',
    ],
    [
      (res: ServerResponse) =>
        void res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(csv).subarray(0, 50)),
      'unreadable',
    ],
  ] as const) {
    const { executor, directory } = await account(t, (_, res) => void answer(res));
    assert.equal((await failureOf(executor.execute(usage, months))).kind, kind);
    assert.deepEqual(left(directory), []);
  }
});

test('a download that is cancelled leaves no file and closes its socket', async (t) => {
  let closed = false;
  const { executor, directory, calls } = await account(t, (_, res) => {
    res.on('close', () => {
      closed = true;
    });
    res.writeHead(200).write(csv);
  });
  const controller = new AbortController();
  const call = failureOf(executor.execute(usage, months, { signal: controller.signal }));
  await until(() => calls.length === 1 && left(directory).length === 1, 'under way');
  controller.abort();
  assert.equal((await call).kind, 'cancelled');
  assert.deepEqual(left(directory), []);
  await until(() => closed, 'closed');
});

test('where no file can be made the failure says so and the socket is not left open', async (t) => {
  let closed = false;
  const { executor, directory } = await account(t, (_, res) => {
    const timer = setInterval(() => res.write(csv), 1);
    res.on('close', () => {
      clearInterval(timer);
      closed = true;
    });
  });
  writeFileSync(join(directory, 'usage'), 'in the way');
  const failure = await failureOf(executor.execute(usage, months));
  assert.deepEqual([failure.kind, failure.retryable], ['storage', false]);
  await until(() => closed, 'closed');
});
