// Faults that answer, but with something else than what was asked for.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { FaultRule } from '../../src/sandbox/index.js';
import { signIn, start } from './client.js';
import { raw } from './raw.js';

const client = await start();
const { sandbox } = client;
const lists = '/ip-access-lists';
const pattern = `* *${lists}`;
const newList = { label: 'fault', list_type: 'ALLOW', ip_addresses: ['203.0.113.9'] };
const real = await client.get(lists);
const plan = (rule: Omit<FaultRule, 'pattern'>) => sandbox.addFault({ pattern, ...rule });
afterEach(() => sandbox.reset());

test('html is a login page with status 200', async () => {
  plan({ action: 'html' });
  const { status, headers, text } = await client.get(lists);
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/html/);
  assert.match(text, /<title>Sign in/);
});

test('html can be a gateway page of any status', async () => {
  plan({ action: 'html', page: 'gateway', status: 403 });
  const { status, text } = await client.get(lists);
  assert.equal(status, 403);
  assert.match(text, /<title>[^<]+<\/title>[\s\S]*<pre>/);
});

test('bad_json claims to be JSON and is none', async () => {
  plan({ action: 'bad_json' });
  const { head, body } = await raw(client, 'GET', lists);
  assert.match(head, /^HTTP\/1.1 200 [\s\S]*content-type: application\/json/);
  assert.throws(() => JSON.parse(body.split('\r\n').find((line) => line.startsWith('{')) ?? ''), SyntaxError);
});

test('bad_json takes a body of its own: valid JSON of the wrong kind', async () => {
  plan({ action: 'bad_json', body: '[]' });
  assert.equal((await client.get(lists)).text, '[]');
});

for (const status of [undefined, 301, 302, 307, 308]) {
  test(`redirect answers ${status ?? 'by default 302'} with its location`, async () => {
    plan({ action: 'redirect', location: 'http://169.254.169.254/latest', ...(status && { status }) });
    const { head } = await raw(client, 'POST', lists, JSON.stringify(newList));
    assert.match(head, new RegExp(`^HTTP/1.1 ${status ?? 302} [\\s\\S]*location: http://169.254.169.254/latest`));
    assert.deepEqual(sandbox.effects, []);
  });
}

test('duplicate_headers contradicts itself about the length', async () => {
  plan({ action: 'duplicate_headers' });
  const { head } = await raw(client, 'GET', lists);
  const lengths = [...head.matchAll(/^content-length: (\d+)\r?$/gim)].map(([, length]) => length);
  assert.equal(new Set(lengths).size, 3);
  await assert.rejects(client.get(lists));
});

test('duplicate_headers sends any lines, and the real body', async () => {
  const headerLines: [string, string][] = [
    ['Retry-After', '1'],
    ['Retry-After', '120'],
  ];
  plan({ action: 'duplicate_headers', headerLines, status: 429 });
  const { status, headers, text } = await client.get(lists);
  assert.equal(status, 429);
  assert.equal(headers.get('retry-after'), '1, 120');
  assert.equal(text, real.text);
});

test('huge_headers sends one large header or many small ones', async () => {
  plan({ action: 'huge_headers', times: 1 });
  const large = await raw(client, 'GET', lists);
  assert.ok(large.head.length > 1_000_000 && large.head.length < 1_100_000);
  plan({ action: 'huge_headers', count: 10_000, bytes: 300_000 });
  const many = await raw(client, 'GET', lists);
  assert.ok(many.head.split('\r\n').length > 10_000);
});

const unpack = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
for (const encoding of ['gzip', 'deflate', 'br'] as const) {
  test(`a ${encoding} bomb unpacks to exactly its bytes of JSON`, async () => {
    const bytes = 3_000_001;
    plan({ action: 'bomb', bytes, encoding });
    const { head, body } = await raw(client, 'GET', lists);
    assert.match(head, new RegExp(`content-encoding: ${encoding}`));
    const packed = Buffer.from(unchunked(body), 'latin1');
    assert.ok(packed.length < bytes / 100);
    const unpacked = unpack[encoding](packed);
    assert.equal(unpacked.length, bytes);
    assert.ok(JSON.parse(unpacked.toString()).filler);
  });
}

test('a bomb is never held in memory, and ends when the client goes away', async () => {
  plan({ action: 'bomb', bytes: 4 * 1024 ** 3 });
  const before = process.memoryUsage().rss;
  const answer = await fetch(`${sandbox.url}/api/2.0/accounts/${sandbox.accountId}${lists}`);
  await answer.body?.cancel();
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
});

test('drip sends the real body byte by byte', async () => {
  plan({ action: 'drip', delayMs: 2, body: '{"slow":true}' });
  const { body, times, ending } = await raw(client, 'GET', lists);
  assert.equal(body, '{"slow":true}');
  assert.equal(ending, 'end');
  assert.ok(times.length >= 10 && (times.at(-1) ?? 0) >= 20);
});

test('truncate promises more than it sends', async () => {
  plan({ action: 'truncate' });
  const { head, body, ending } = await raw(client, 'GET', lists);
  const length = Number(/content-length: (\d+)/.exec(head)?.[1]);
  assert.equal(length, Buffer.byteLength(real.text));
  assert.ok(body.length > 0 && body.length < length && real.text.startsWith(body));
  assert.equal(ending, 'end');
  await assert.rejects(client.get(lists));
});

test('truncate leaves out the last chunk', async () => {
  plan({ action: 'truncate', chunked: true });
  const { head, body } = await raw(client, 'GET', lists);
  assert.match(head, /transfer-encoding: chunked/);
  assert.ok(body.length > 0 && !body.includes('\r\n0\r\n'));
  await assert.rejects(client.get(lists));
});

test('an answer without a body gets one to damage', async () => {
  const user = (await client.post('/scim/v2/Users', { userName: 'empty@example.com' })).json;
  sandbox.addFault({ pattern: 'DELETE *', action: 'truncate', afterHandler: true });
  const { head, ending } = await raw(client, 'DELETE', `/scim/v2/Users/${user.id}`);
  assert.match(head, /^HTTP\/1.1 200 [\s\S]*content-length: [1-9]/);
  assert.equal(ending, 'end');
  assert.equal(sandbox.effects.at(-1)?.kind, 'delete');
});

const damages: FaultRule['action'][] = [
  'html',
  'bad_json',
  'truncate',
  'bomb',
  'duplicate_headers',
  'huge_headers',
  'drip',
];
for (const action of damages) {
  test(`${action} has no effect before the handler and keeps it after`, async () => {
    const rule = { pattern: 'POST *', action, bytes: 1000, delayMs: 0, body: '{}', times: 1 };
    for (const afterHandler of [false, true]) {
      sandbox.addFault({ ...rule, afterHandler });
      await client.post(lists, newList).catch(() => {});
      assert.equal(sandbox.effects.length, afterHandler ? 1 : 0);
    }
  });
}

test('what damages answers damages the real one of the token endpoint, too', async () => {
  sandbox.addFault({ pattern: 'POST /oidc/*', action: 'huge_headers', bytes: 5_000 });
  const { headers, json } = await signIn(sandbox);
  assert.ok(json.access_token);
  assert.ok((headers.get('x-filler-0') ?? '').length > 4_000);
});

function unchunked(body: string): string {
  let [rest, whole] = [body, ''];
  for (;;) {
    const [line = '0'] = rest.split('\r\n', 1);
    const size = Number.parseInt(line, 16);
    if (!size) return whole;
    whole += rest.slice(line.length + 2, line.length + 2 + size);
    rest = rest.slice(line.length + size + 4);
  }
}
