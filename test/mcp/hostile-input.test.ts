/** Input no good client sends: the process lives or ends cleanly, and never writes anything but protocol. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { RawProcess } from './raw-process.js';
import { atEnd, settingsFor } from './server-process.js';

const request = (id: number, method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const ping = (id: number) => request(id, 'ping');

describe('on stdin', () => {
  let server: RawProcess;
  before(async () => {
    server = await RawProcess.started({ flags: ['--sandbox'] });
  });
  let id = 100;

  // S001
  for (const [what, line] of [
    ['a line that is no JSON', '{"jsonrpc":"2.0","id":7,"method":'],
    ['a line that is no JSON-RPC', '{"hello":"world"}'],
    ['a JSON value that is no object', '42'],
    ['an empty line', ''],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80, 0x22])],
    ['a request for a method that does not exist', request(8, 'tools/destroy')],
    ['a call whose name is no string', request(9, 'tools/call', { name: 7 })],
    ['a call whose arguments are a list', request(10, 'tools/call', { name: 'databricks_list_users', arguments: [] })],
  ] as const) {
    it(`survives ${what}, and answers the next request`, async () => {
      id += 1;
      server.bytes(line);
      server.bytes('\n');
      server.bytes(`${ping(id)}\n`);
      assert.deepEqual((await server.answer(id)).result, {});
    });
  }

  // S002
  it('gives up over a line of 11 MB: says so, and ends instead of lingering', async () => {
    const server = await RawProcess.started({ flags: ['--sandbox'] });
    server.bytes(`{"jsonrpc":"2.0","id":5,"method":"ping","params":{"x":"${'a'.repeat(11 * 1024 * 1024)}`);
    assert.equal(await server.ended(), 0);
    assert.match(server.stderr, /exceeded maximum size/);
    assert.doesNotMatch(server.stderr, /^ +at /m);
    assert.equal(server.messages().length, 1);
  });

  // S003
  it('takes lines that end as on Windows', async () => {
    server.bytes(`${ping(200)}\r\n`);
    assert.deepEqual((await server.answer(200)).result, {});
  });

  it('takes two messages in one chunk and one message in many', async () => {
    server.bytes(`${ping(201)}\n${ping(202)}\n`);
    await Promise.all([server.answer(201), server.answer(202)]);
    for (const byte of Buffer.from(`${ping(203)}\n`)) {
      server.bytes(Uint8Array.of(byte));
      await wait(0);
    }
    await server.answer(203);
  });

  it('takes a character whose bytes come apart', async () => {
    const params = { name: 'databricks_create_group', arguments: { displayName: 'Łódź 🚚', detail: 'full' } };
    const whole = Buffer.from(`${request(204, 'tools/call', params)}\n`);
    const inside = whole.indexOf('🚚') + 2;
    server.bytes(whole.subarray(0, inside));
    await wait(30);
    server.bytes(whole.subarray(inside));
    const { result } = await server.answer(204);
    assert.equal(result.structuredContent.data.displayName, 'Łódź 🚚');
  });

  it('is then left in good order', async () => {
    assert.equal(await server.leave(), 0);
    assert.ok(server.messages().length > 10);
    assert.doesNotMatch(server.stderr, /^ +at /m);
  });
});

describe('in the arguments', () => {
  let sandbox: Sandbox;
  let server: RawProcess;
  before(async () => {
    sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    server = await RawProcess.started({ settings: settingsFor(sandbox, 'all-apis') });
  });
  let id = 100;

  // S005
  it('refuses JSON nested 200 000 deep in plain words, before anything is sent', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const call = `{"name":"databricks_create_group","arguments":{"displayName":"x","members":${deep}}}`;
    id += 1;
    server.bytes(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${call}}\n`);
    const { result, error } = await server.answer(id);
    assert.ok(result?.isError === true || error?.code === -32602, JSON.stringify(result ?? error));
    assert.doesNotMatch(JSON.stringify(result ?? error), /call stack/i);
    assert.deepEqual((await server.request('ping')).result, {});
    assert.deepEqual(sandbox.requests, []);
  });

  it('refuses the same as JSON text', async () => {
    const members = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const { result } = await server.call('databricks_create_group', { displayName: 'x', members });
    assert.equal(result.structuredContent.error.kind, 'input');
    assert.deepEqual(sandbox.requests, []);
  });

  // S006
  for (const [what, args] of [
    ['__proto__', '{"id":"1","__proto__":{"polluted":true}}'],
    ['constructor', '{"id":"1","constructor":{"prototype":{"polluted":true}}}'],
    ['prototype', '{"id":"1","prototype":{"polluted":true}}'],
    ['__proto__ inside an operation', '{"id":"1","Operations":[{"op":"add","__proto__":{"path":"roles"}}]}'],
  ] as const) {
    it(`refuses ${what}, before anything is sent`, async () => {
      const call = `{"name":"databricks_update_user","arguments":${args}}`;
      id += 1;
      server.bytes(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${call}}\n`);
      const { result } = await server.answer(id);
      assert.equal(result.isError, true);
      assert.equal(result.structuredContent.error.kind, 'input');
      assert.deepEqual(sandbox.requests, []);
    });
  }
});
