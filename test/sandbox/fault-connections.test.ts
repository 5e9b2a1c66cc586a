// Faults that give no answer at all: reset, stall, and a client that dies.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/index.js';
import { Client, start } from './client.js';
import { raw } from './raw.js';

const client = await start({ killOverHttp: true });
const { sandbox } = client;
const lists = '/ip-access-lists';
const body = JSON.stringify({ label: 'fault', list_type: 'ALLOW', ip_addresses: ['203.0.113.9'] });
const pattern = `POST *${lists}`;
afterEach(() => sandbox.reset());

for (const afterHandler of [false, true]) {
  const when = afterHandler ? 'after' : 'before';
  const count = afterHandler ? 1 : 0;

  test(`a reset ${when} the effect is a TCP reset without an answer`, async () => {
    sandbox.addFault({ pattern, action: 'reset', afterHandler });
    const { head, ending } = await raw(client, 'POST', lists, body);
    assert.equal(head, '');
    assert.equal(ending, 'ECONNRESET');
    assert.equal(sandbox.effects.length, count);
    assert.equal(sandbox.requests.at(-1)?.status, 0);
  });

  test(`a stall ${when} the effect lasts until the client gives up`, async () => {
    sandbox.addFault({ pattern, action: 'stall', afterHandler, times: 1 });
    const url = `${sandbox.url}/api/2.0/accounts/${sandbox.accountId}${lists}`;
    const headers = { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(80);
    await assert.rejects(fetch(url, { method: 'POST', headers, body, signal }), { name: 'TimeoutError' });
    assert.equal(sandbox.effects.length, count);
    assert.equal((await client.get(lists)).status, 200);
  });

  test(`kill_client ends a process ${when} the effect`, async () => {
    const child = await poster(client);
    assert.equal(
      (await client.post('/_sandbox/faults', { pattern, action: 'kill_client', afterHandler, pid: child.pid })).status,
      200,
    );
    const [code, signal] = await go(child);
    assert.equal(code, null);
    assert.equal(signal, 'SIGKILL');
    assert.equal(sandbox.effects.length, count);
    assert.equal((await client.get('/_sandbox/faults')).json.faults[0].hits, 1);
  });
}

test('kill_client can send another signal, and hits once unless told otherwise', async () => {
  const child = await poster(client);
  sandbox.addFault({ pattern, action: 'kill_client', pid: child.pid ?? 0, signal: 'SIGTERM' });
  assert.deepEqual(await go(child), [null, 'SIGTERM']);
  assert.equal((await client.call('POST', lists, body)).status, 200);
});

test('a process that is gone already does no harm', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  sandbox.addFault({ pattern, action: 'kill_client', pid: child.pid ?? 0 });
  await assert.rejects(client.call('POST', lists, body));
  assert.equal((await client.get(lists)).status, 200);
});

test('over HTTP nobody may plan a kill unless the sandbox was started for it', async () => {
  const other = await start();
  const rule = { pattern, action: 'kill_client', pid: 999_999 };
  assert.equal((await other.post('/_sandbox/faults', [rule])).status, 403);
  assert.deepEqual((await other.get('/_sandbox/faults')).json.faults, []);
});

test('close ends stalls and drips', async () => {
  for (const action of ['stall', 'drip'] as const) {
    const short = new Client(await startSandbox());
    await short.token();
    short.sandbox.addFault({ pattern: 'GET /api*', action, delayMs: action === 'drip' ? 60_000 : 0 });
    const refused = assert.rejects(short.get(lists));
    await short.untilHit();
    const began = performance.now();
    await short.sandbox.close();
    await refused;
    assert.ok(performance.now() - began < 1_000);
  }
});

/** A process that posts a list once it is told to, and lives on. */
async function poster({ sandbox }: Client): Promise<ChildProcess> {
  const url = `${sandbox.url}/api/2.0/accounts/${sandbox.accountId}${lists}`;
  const headers = { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' };
  const init = JSON.stringify({ method: 'POST', headers, body });
  const script = `process.stdin.once('data', () => fetch('${url}', ${init}).catch(() => {})); setTimeout(() => {}, 20000);`;
  return spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'] });
}

async function go(child: ChildProcess): Promise<unknown[]> {
  child.stdin?.write('go\n');
  const ended = once(child, 'exit');
  return Promise.race([ended, sleep(10_000, ['still alive'], { ref: false })]);
}
