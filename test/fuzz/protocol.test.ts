/**
 * Bytes on the stdin of the real process. After each batch of them the process still answers, or it has ended cleanly;
 * what it wrote is JSON-RPC and nothing else, and no request was answered twice.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RawProcess } from '../mcp/raw-process.js';
import { cut, cuts, hostileBytes, hostileText, jsonValue, runs } from './arbitraries.js';

const names = ['jsonrpc', 'id', 'method', 'params', 'name', 'arguments', 'result', 'error', '_meta', 'code', 'message'];
const strangeId = fc.oneof(fc.constantFrom(null, -1, 1.5, 2 ** 60, '', '1', true, [], {}), fc.constant(undefined));
const method = fc.constantFrom(
  'ping',
  'tools/call',
  'tools/list',
  'initialize',
  'notifications/cancelled',
  'x',
  '',
  '__proto__',
);
const params = fc.oneof(
  jsonValue(names),
  fc.record({
    name: fc.oneof(fc.constantFrom('databricks_list_users', 'databricks_get_group', '__proto__'), hostileText),
    arguments: jsonValue(names),
  }),
);

const message = fc
  .record({ jsonrpc: fc.constantFrom('2.0', '1.0', 2), id: strangeId, method, params }, { requiredKeys: ['method'] })
  .map((each) => JSON.stringify(each));
const garbled = fc.tuple(message, fc.nat(), hostileBytes).map(([text, at, noise]) => {
  const bytes = Buffer.from(text);
  const [head = bytes, tail = Buffer.alloc(0)] = cut(bytes, [at]);
  return Buffer.concat([head, noise, tail]);
});
const line = fc.oneof(
  hostileBytes,
  message.map((text) => Buffer.from(text)),
  garbled,
  fc.tuple(message, fc.nat()).map(([text, at]) => Buffer.from(text.slice(0, at % (text.length + 1)))),
  fc.array(message, { maxLength: 5 }).map((batch) => Buffer.from(`[${batch.join(',')}]`)),
  fc.integer({ min: 50, max: 20_000 }).map((depth) => Buffer.from('{"params":['.repeat(depth))),
  fc
    .integer({ min: 1, max: 300_000 })
    .map((length) => Buffer.from(`{"jsonrpc":"2.0","method":"${'a'.repeat(length)}"}`)),
);
/** Ends in a line break: what is left of the last line must not swallow the question that follows. */
const batch = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 20 }), cuts)
  .map(([lines, at]) => cut(Buffer.concat(lines.map((each) => Buffer.concat([each, Buffer.from('\n')]))), at));

// S001, S003, S005
test('no bytes keep it from answering the next request, or from ending cleanly', { timeout: 120_000 }, async () => {
  const server = await RawProcess.started({ flags: ['--sandbox'] });
  await fc.assert(
    fc.asyncProperty(batch, async (parts) => {
      for (const part of parts) server.bytes(part);
      assert.deepEqual((await server.request('ping')).result, {});
    }),
    // A failing batch is told as it is: to shrink it the process would have to start anew.
    { ...runs(300), endOnFailure: true },
  );
  assert.equal(await server.leave(), 0);
  assert.doesNotMatch(server.stderr, /^ +at /m);
  const answered = server
    .messages()
    .flatMap(({ id, method: asked }) => (asked === undefined && id !== null ? [id] : []));
  const ours = answered.filter((id) => typeof id === 'number' && Number.isInteger(id) && id > 0 && id < 2 ** 40);
  assert.equal(new Set(ours).size, ours.length, 'a request was answered twice');
});

test('a call of any tool with any arguments is answered, and never with a stack trace', {
  timeout: 120_000,
}, async () => {
  const server = await RawProcess.started({ flags: ['--sandbox'] });
  const { result } = await server.request('tools/list');
  const tools: string[] = result.tools.map(({ name }: { name: string }) => name);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...tools), jsonValue(names), async (name, args) => {
      const answer = await server.request('tools/call', { name, arguments: args });
      assert.ok(answer.result !== undefined || answer.error?.code < 0, JSON.stringify(answer));
      const text = JSON.stringify(answer.result?.isError === true ? answer.result : (answer.error ?? ''));
      assert.doesNotMatch(text, /\\n +at |node_modules|Maximum call stack|TypeError|RangeError/);
    }),
    { ...runs(300), endOnFailure: true },
  );
  assert.equal(await server.leave(), 0);
});
