// The billable usage download.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, signIn, start } from './client.js';

const client = await start({ usageRowsPerMonth: 50 });
const download = (query: string, from: Client = client) => from.get(`/usage/download?${query}`);
const march = 'start_month=2025-03&end_month=2025-03';

test('it is plain text: a header and one row per usage record', async () => {
  const { status, headers, text } = await download(march);
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  const [header, ...rows] = text.trimEnd().split('\n');
  assert.equal(
    header,
    'workspaceId,timestamp,clusterId,clusterName,clusterNodeType,clusterOwnerUserId,clusterCustomTags,sku,dbus,machineHours,clusterOwnerUserName,tags',
  );
  assert.equal(rows.length, 50);
  assert.match(rows[0] ?? '', /^\d+,2025-03-01T00:00:00\.000Z,/);
});

test('tags are JSON in quoted fields', async () => {
  const { text } = await download(march);
  assert.match(text, /,"\{""team"":""[^\n]*""environment"":""(prod|staging|dev)""\}",/);
});

test('owner e-mails appear only with personal_data=true', async () => {
  assert.doesNotMatch((await download(march)).text, /@/);
  assert.match((await download(`${march}&personal_data=true`)).text, /@lumenfreight\.example/);
});

test('the same months give the same bytes, across year ends, too', async () => {
  const range = 'start_month=2024-12&end_month=2025-01';
  const { text } = await download(range);
  assert.equal(text.trimEnd().split('\n').length, 101);
  assert.equal((await download(range)).text, text);
});

const refused = [
  'start_month=2025-03',
  'start_month=2025-3&end_month=2025-04',
  'start_month=2025-13&end_month=2025-13',
  'start_month=2025-04&end_month=2025-03',
  'start_month=2019-02&end_month=2019-03',
  `${march}&personal_data=True`,
  `${march}&format=csv`,
];
for (const query of refused) {
  test(`the query ${query} is refused`, async () => {
    assert.equal((await download(query)).status, 400);
  });
}

test('a huge download streams: the first bytes come before the rest exists, and hanging up is fine', async () => {
  const { sandbox } = await start({ usageRowsPerMonth: 5_000_000 });
  const { access_token } = (await signIn(sandbox)).json;
  const abort = new AbortController();
  const began = performance.now();
  const response = await fetch(`${sandbox.url}/api/2.0/accounts/${sandbox.accountId}/usage/download?${march}`, {
    headers: { authorization: `Bearer ${access_token}` },
    signal: abort.signal,
  });
  const { value } = (await response.body?.getReader().read()) ?? {};
  assert.ok((value as Uint8Array).length > 0);
  assert.ok(performance.now() - began < 2_000);
  abort.abort();
  assert.equal((await signIn(sandbox)).status, 200);
});
