// Which requests a rule hits, and which rules are refused.

import assert from 'node:assert/strict';
import { pid } from 'node:process';
import { afterEach, test } from 'node:test';
import type { FaultRule } from '../../src/sandbox/index.js';
import { start } from './client.js';

const client = await start();
const { sandbox } = client;
const rule: FaultRule = { pattern: 'GET *networks', action: 'status', status: 503 };
afterEach(() => sandbox.clearFaults());

async function hits(given: Partial<FaultRule>, count = 40): Promise<string> {
  sandbox.clearFaults();
  sandbox.addFault({ ...rule, ...given });
  let seen = '';
  for (let index = 0; index < count; index += 1) seen += (await client.get('/networks')).status === 503 ? 'x' : '.';
  return seen;
}

test('a probability hits about that share, and with the same seed the same requests', async () => {
  const first = await hits({ probability: 0.5, seed: 7 });
  const share = [...first].filter((one) => one === 'x').length;
  assert.ok(share > 8 && share < 32, first);
  assert.equal(await hits({ probability: 0.5, seed: 7 }), first);
  assert.notEqual(await hits({ probability: 0.5, seed: 8 }), first);
});

test('a probability of 0 never hits, one of 1 always', async () => {
  assert.equal(await hits({ probability: 0 }, 5), '.....');
  assert.equal(await hits({ probability: 1 }, 5), 'xxxxx');
});

test('times counts hits, not tries; offset passes requests without touching the dice', async () => {
  const free = await hits({ probability: 0.5, seed: 3 });
  const bounded = await hits({ probability: 0.5, seed: 3, times: 2 });
  assert.equal([...bounded].filter((one) => one === 'x').length, 2);
  assert.ok(free.startsWith(bounded.slice(0, bounded.lastIndexOf('x') + 1)));
  assert.equal(await hits({ probability: 0.5, seed: 3, offset: 4 }), `....${free.slice(0, -4)}`);
});

test('each rule has dice of its own', async () => {
  const alone = await hits({ probability: 0.5, seed: 3 }, 20);
  sandbox.clearFaults();
  sandbox.addFault({ ...rule, pattern: 'GET *workspaces', probability: 0.5, seed: 3 });
  sandbox.addFault({ ...rule, probability: 0.5, seed: 3 });
  let seen = '';
  for (let index = 0; index < 20; index += 1) {
    await client.get('/workspaces');
    seen += (await client.get('/networks')).status === 503 ? 'x' : '.';
  }
  assert.equal(seen, alone);
});

const bad: [fault: unknown, word: RegExp][] = [
  [{ pattern: '/networks', action: 'drop' }, /pattern/],
  [{ action: 'drop' }, /pattern/],
  [{ pattern: 'GET *', action: 'explode' }, /bad_json/],
  [{ pattern: 'GET *', action: 'drop', often: true }, /often/],
  [{ pattern: 'GET *', action: 'drop', times: 0 }, /times/],
  [{ pattern: 'GET *', action: 'drop', probability: 1.5 }, /probability/],
  [{ pattern: 'GET *', action: 'drop', probability: '1' }, /probability/],
  [{ pattern: 'GET *', action: 'drop', seed: -1 }, /seed/],
  [{ pattern: 'GET *', action: 'status' }, /needs status/],
  [{ pattern: 'GET *', action: 'delay' }, /needs delayMs/],
  [{ pattern: 'GET *', action: 'drip' }, /needs delayMs/],
  [{ pattern: 'GET *', action: 'redirect' }, /needs location/],
  [{ pattern: 'GET *', action: 'redirect', location: '/', status: 200 }, /307/],
  [{ pattern: 'GET *', action: 'redirect', location: 'a\r\nb: c' }, /location/],
  [{ pattern: 'GET *', action: 'status', status: 200, headers: { 'a b': 'c' } }, /'a b'/],
  [{ pattern: 'GET *', action: 'duplicate_headers', headerLines: [['Retry-After']] }, /headerLines\[0\]/],
  [{ pattern: 'GET *', action: 'huge_headers', bytes: 1024 ** 3 }, /huge_headers/],
  [{ pattern: 'GET *', action: 'bomb', encoding: 'zip' }, /encoding/],
  [{ pattern: 'POST *', action: 'stale_read' }, /GET/],
  [{ pattern: 'GET *', action: 'clock_skew' }, /needs skewMs/],
  [{ pattern: 'GET *', action: 'kill_client' }, /needs pid/],
  [{ pattern: 'GET *', action: 'kill_client', pid: 0 }, /pid/],
  [{ pattern: 'GET *', action: 'kill_client', pid: 1 }, /pid/],
  [{ pattern: 'GET *', action: 'kill_client', pid: -4 }, /pid/],
  [{ pattern: 'GET *', action: 'kill_client', pid }, /pid/],
  [{ pattern: 'GET *', action: 'kill_client', pid: 999_999, signal: 'SIGNOTHING' }, /SIGNOTHING/],
  ['{"pattern":', /JSON/],
];
for (const [fault, word] of bad) {
  test(`the fault ${typeof fault === 'string' ? fault : JSON.stringify(fault)} is refused`, async () => {
    const { status, json } = await client.post('/_sandbox/faults', fault);
    assert.equal(status, 400);
    assert.match(json.message, word);
  });
}

test('a rule added from a program is checked as well', () => {
  assert.throws(() => sandbox.addFault({ pattern: 'GET *', action: 'kill_client', pid }), /pid/);
  assert.throws(() => sandbox.addFault({ pattern: 'GET *', action: 'delay' }), /delayMs/);
});
