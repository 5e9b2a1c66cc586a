/** What a collector is sent while the server works, over stdio and over HTTP, and what never reaches it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { modern } from '../http/place.js';
import { served } from '../http/serving.js';
import { RawProcess } from '../mcp/raw-process.js';
import { atEnd, environment, program, settingsFor, temporaryHome } from '../mcp/server-process.js';
import { collector } from './collector.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

async function account(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  atEnd(() => sandbox.close());
  return sandbox;
}

const settings = (sandbox: Sandbox, url: string) => ({
  ...settingsFor(sandbox, 'all-apis'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

test('a call is one span and each request of it a child, in the trace its caller names', async () => {
  const sandbox = await account();
  const { url, spans, points, received } = await collector();
  sandbox.addFault({ pattern: 'GET *scim/v2/Users*', action: 'status', status: 503, times: 1 });
  const server = await RawProcess.started({ settings: settings(sandbox, url) });
  const answer = await server.request('tools/call', {
    name: 'databricks_list_users',
    arguments: { filter: 'userName eq "canary-1"' },
    _meta: { traceparent, tracestate: 'vendor=1' },
  });
  assert.notEqual(answer.result.isError, true);
  assert.equal(await server.leave(), 0);

  const [call, ...others] = spans().filter(({ kind }) => kind === 2);
  assert.ok(call !== undefined && others.length === 0);
  assert.equal(call.name, 'tools/call databricks_list_users');
  assert.equal(call.traceId, traceId);
  assert.equal(call.parentSpanId, spanId);
  assert.equal(call.traceState, 'vendor=1');
  assert.equal(call.failed, false);
  const attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'network.transport': 'pipe',
    'gen_ai.tool.name': 'databricks_list_users',
  };
  assert.deepEqual(call.attributes, attributes);

  const requests = spans().filter(({ kind }) => kind === 3);
  const route = '/api/2.0/accounts/{account_id}/scim/v2/Users';
  const about = { 'http.request.method': 'GET', 'url.template': route };
  assert.deepEqual(
    requests.map((span) => [span.name, span.parentSpanId, span.failed, span.attributes]),
    [
      [`GET ${route}`, call.spanId, true, { ...about, 'error.type': 'upstream', 'http.response.status_code': 503 }],
      [
        `GET ${route}`,
        call.spanId,
        false,
        { ...about, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
      ],
    ],
  );
  assert.deepEqual(points(), [{ count: 1, attributes }]);
  const sent = JSON.stringify(received);
  for (const secret of [sandbox.accountId, sandbox.clientId, sandbox.clientSecret, 'canary-1']) {
    assert.ok(!sent.includes(secret), secret);
  }
});

test('names of tools that do not exist add one series at most and reach no span', async () => {
  const sandbox = await account();
  const { url, spans, points, received } = await collector();
  const server = await RawProcess.started({ settings: settings(sandbox, url) });
  for (let number = 0; number < 20; number += 1) await server.call(`databricks_made_up_${number}`);
  await server.call('databricks_get_user', { id: 'no such one' });
  assert.equal(await server.leave(), 0);
  const attributes = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' };
  const pipe = { ...attributes, 'network.transport': 'pipe' };
  assert.deepEqual(points(), [
    { count: 20, attributes: { ...pipe, 'error.type': 'protocol_error' } },
    {
      count: 1,
      attributes: {
        ...pipe,
        'gen_ai.tool.name': 'databricks_get_user',
        'error.type': 'tool_error',
        'databricks_mcp.failure': 'not_found',
      },
    },
  ]);
  assert.equal(spans().filter(({ name, failed }) => name === 'tools/call' && failed).length, 20);
  assert.ok(!JSON.stringify(received).includes('made_up'));
});

// S136
test('a trace context that is none is dropped: the call begins a trace of its own', async () => {
  const sandbox = await account();
  const { url, spans, received } = await collector();
  const server = await RawProcess.started({ settings: settings(sandbox, url) });
  for (const hostile of [`${traceparent}-x`, traceparent.toUpperCase(), 'a'.repeat(10_000), { a: 1 }, 7, null]) {
    const { result } = await server.request('tools/call', {
      name: 'databricks_list_users',
      arguments: {},
      _meta: { traceparent: hostile, tracestate: 'canary=2' },
    });
    assert.notEqual(result.isError, true);
  }
  await server.leave();
  const calls = spans().filter(({ kind }) => kind === 2);
  assert.equal(calls.length, 6);
  assert.equal(new Set(calls.map((span) => span.traceId)).size, 6);
  for (const call of calls) assert.ok(call.traceId !== traceId && !call.parentSpanId, call.traceId);
  assert.ok(!JSON.stringify(received).includes('canary'));
});

test('over HTTP the header names the trace, unless the call itself does; nothing of it reaches Databricks', async () => {
  const sandbox = await account();
  const { url, spans } = await collector();
  const child = spawn(process.execPath, [program, 'http', '--port', '0', '--no-auth'], {
    env: environment(temporaryHome(), settings(sandbox, url)),
  });
  atEnd(() => child.kill('SIGKILL'));
  const { url: base } = await served(child);
  const other = 'f'.repeat(32);
  for (const _meta of [{}, { traceparent: `00-${other}-${spanId}-01` }]) {
    const { body, headers } = modern('tools/call', { name: 'databricks_list_users', arguments: {} });
    const message = body as { params: { _meta: object } };
    Object.assign(message.params._meta, _meta);
    const response = await fetch(`${base}/mcp`, {
      method: 'POST',
      headers: {
        ...headers,
        traceparent,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200, await response.text());
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  const calls = spans().filter(({ kind }) => kind === 2);
  assert.deepEqual(
    calls.map((span) => [span.traceId, span.attributes['network.transport']]),
    [
      [traceId, 'tcp'],
      [other, 'tcp'],
    ],
  );
  for (const { headers } of sandbox.requests) assert.equal(headers.traceparent, undefined);
});

test('a collector that never answers does not keep the server from ending, and is told on stderr', async () => {
  const sandbox = await account();
  const { url, received } = await collector({ isSilent: true });
  const canary = 'canary-of-the-collector-3';
  const server = await RawProcess.started({
    settings: { ...settings(sandbox, url), OTEL_EXPORTER_OTLP_HEADERS: `api-key=${canary}` },
  });
  await server.call('databricks_list_users');
  assert.equal(await server.leave(), 0);
  assert.ok(received.length > 0);
  assert.ok(/"event":"telemetry_not_sent"/.test(server.stderr), server.stderr);
  assert.ok(!server.stderr.includes(canary));
});
