/** What Prometheus reads: bounded series, on a port that answers to this machine alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, serveMetrics } from '../../src/http/metrics.js';
import { message, post, raw, requestText, stage } from './stage.js';

test('requests, calls, streams, sign-ins and approvals are counted', async () => {
  const metrics = createMetrics();
  metrics.answered('/mcp', 200, 12);
  metrics.answered('/mcp', 429, 1);
  metrics.called('databricks_list_users', 'ok');
  metrics.entered('call');
  metrics.signedIn();
  metrics.approval('approved');
  const text = await metrics.text();
  for (const line of [
    'databricks_mcp_http_requests_total{route="/mcp",status="2xx"} 1',
    'databricks_mcp_http_requests_total{route="/mcp",status="4xx"} 1',
    'databricks_mcp_tool_calls_total{tool="databricks_list_users",outcome="ok"} 1',
    'databricks_mcp_in_flight{kind="call"} 1',
    'databricks_mcp_sign_ins_total 1',
    'databricks_mcp_approvals_total{event="approved"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
});

// S137
test('names that clients make up are no labels', async (t) => {
  const metrics = createMetrics();
  const front = await stage(t, { parts: { meters: metrics }, limits: { burst: 1_000 } });
  for (let at = 0; at < 50; at += 1) {
    await post(front, message('tools/call', { name: `made_up_${at}` }), {}, `/made-up-${at}`);
    await post(front, message('tools/call', { name: `made_up_${at}` }));
  }
  const text = await metrics.text();
  assert.doesNotMatch(text, /made.up/);
  assert.match(text, /http_requests_total\{route="other",status="4xx"\} 50\n/);
  assert.equal(text.match(/^databricks_mcp_http_requests_total\{/gm)?.length, 2);
  const tools = front.lines.filter(({ facts }) => facts.route === '/mcp').map(({ facts }) => facts.tool);
  assert.deepEqual(new Set(tools), new Set(['unknown']));
});

test('they are served at one address, to this machine, under its own names', async (t) => {
  const { port, close } = await serveMetrics(createMetrics(), 0);
  t.after(close);
  const ask = async (line: string, ...headers: string[]) =>
    (await raw(port, requestText(`${line} HTTP/1.1`, headers))).status;
  const own = `Host: 127.0.0.1:${port}`;
  assert.equal(await ask('GET /metrics', own), 200);
  assert.equal(await ask('GET /metrics', 'Host: evil.com'), 403);
  assert.equal(await ask('GET /metrics', own, 'Origin: https://evil.com'), 403);
  assert.equal(await ask('GET /other', own), 404);
  assert.equal(await ask('POST /metrics', own, 'Content-Length: 0'), 404);
});
