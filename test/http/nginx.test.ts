/** Behind nginx as deploy/nginx.conf has it: the same conversations as without, streams that flow, and who called. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { atEnd, call } from '../mcp/server-process.js';
import { approves, journal, type Question } from '../trust/world.js';
import { nginx, type Proxied, proxied, token } from './nginx-proxy.js';

const authorization = `Bearer ${token}`;
const isMissing = nginx === undefined;
const name = isMissing ? 'behind nginx, which is not installed here' : 'behind nginx';

describe(name, { timeout: 120_000, skip: isMissing }, () => {
  let here: Proxied;
  before(async () => {
    here = await proxied();
  });

  const connected = async (kind: 'modern' | 'legacy' | 'sse') => {
    const asked: Question[] = [];
    const client = new Client(
      { name: 'test', version: '1' },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: kind === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
      },
    );
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params as Question);
      return { ...(await approves(params as Question)) };
    });
    const options = { fetch: here.fetch, requestInit: { headers: { authorization } } };
    const transport: Transport =
      kind === 'sse'
        ? new SSEClientTransport(new URL(`${here.url}/sse`), options)
        : new StreamableHTTPClientTransport(new URL(`${here.url}/mcp`), options);
    // Also where it did not get so far: it would go on trying.
    atEnd(() => transport.close());
    await client.connect(transport);
    return { client, asked };
  };

  for (const kind of ['modern', 'legacy', 'sse'] as const) {
    it(`a ${kind} client lists, reads, writes, and deletes what its user approves`, async () => {
      const { client, asked } = await connected(kind);
      try {
        assert.ok((await client.listTools()).tools.some(({ name }) => name === 'databricks_delete_group'));
        const page = await call(client, 'databricks_list_users', { count: 2 });
        assert.equal(page.json.account_id, here.sandbox.accountId);
        here.sandbox.clearEffects();
        const made = await call(client, 'databricks_create_group', { displayName: `behind nginx, ${kind}` });
        assert.equal(made.json.outcome, 'applied');
        const { id } = made.json.data;
        assert.equal((await call(client, 'databricks_delete_group', { id })).json.outcome, 'applied');
        assert.equal(asked.length, 1);
        assert.equal(here.sandbox.effects.length, 2);
        assert.equal(journal(here).findLast(({ type }) => type === 'intent').caller, 'token:ann');
      } finally {
        await client.close();
      }
    });

    it(`a ${kind} client sees progress of a call that goes no further`, async () => {
      const { client } = await connected(kind);
      const stop = new AbortController();
      here.sandbox.addFault({ pattern: 'GET *Users*', action: 'stall', offset: 2 });
      try {
        const params = { name: 'databricks_list_users', arguments: { all: true, count: 1 } };
        const watching = { signal: stop.signal, onprogress: () => stop.abort('progress was seen') };
        await assert.rejects(client.callTool(params, watching), /progress was seen/);
      } finally {
        here.sandbox.clearFaults();
        await client.close();
      }
    });
  }

  it('the first bytes of a quiet stream arrive while it is open', async () => {
    const stop = new AbortController();
    const headers = { authorization, accept: 'text/event-stream' };
    const response = await here.fetch(`${here.url}/sse`, { headers, signal: stop.signal });
    const reader = response.body?.getReader() ?? assert.fail();
    const { value } = await reader.read();
    assert.ok((value?.length ?? 0) > 0);
    stop.abort();
  });

  it('what a client says about its address is not believed, and a token in the query is in no log', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-request-id': 'asked-by-nginx-test' };
    const response = await here.fetch(`${here.url}/mcp?access_token=${token}`, { headers });
    assert.equal(response.status, 401);
    const line = await logged(({ request_id }) => request_id === 'asked-by-nginx-test');
    assert.equal(line.address, '127.0.0.1');
    assert.ok(!JSON.stringify(here.log()).includes(token));
    assert.match(here.proxyLog(), /"GET \/mcp" 401/);
    assert.ok(!here.proxyLog().includes(token));
  });

  it('another Host than the public name is refused by the server', async () => {
    const url = here.url.replace('localhost', '127.0.0.1');
    assert.equal((await here.fetch(`${url}/livez`)).status, 403);
    assert.equal((await here.fetch(`${here.url}/livez`)).status, 200);
  });

  it('the server ends with 0 on SIGTERM although the proxy keeps connections to it', async () => {
    assert.equal(await here.stop(), 0);
    assert.equal((await here.fetch(`${here.url}/livez`)).status, 502);
  });

  /** The line is written after the answer. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was logged
  async function logged(isMeant: (line: any) => boolean): Promise<any> {
    for (;;) {
      const line = here.log().find(isMeant);
      if (line !== undefined) return line;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
