/** Progress of long calls, and cancelling them down to the request at Databricks. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { eventually, RawProcess } from './raw-process.js';
import { answerOf, atEnd, type Connected, connect, settingsFor } from './server-process.js';

interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

for (const mode of [{ pin: '2026-07-28' }, 'legacy'] as const) {
  describe(`progress for a client of ${mode === 'legacy' ? 'the 2025 era' : '2026-07-28'}`, () => {
    let sandbox: Sandbox;
    let server: Connected;
    before(async () => {
      sandbox = await startSandbox({ usageRowsPerMonth: 20_000 });
      atEnd(() => sandbox.close());
      server = await connect({ settings: settingsFor(sandbox, 'all-apis'), mode });
    });

    async function watch(name: string, args: Record<string, unknown>) {
      const seen: Progress[] = [];
      const result = await server.client.callTool({ name, arguments: args }, { onprogress: (each) => seen.push(each) });
      return { seen, ...answerOf(result) };
    }

    it('counts the items that all: true collects', async () => {
      const { seen, failed, json } = await watch('databricks_list_users', { all: true, count: 10 });
      assert.equal(failed, false);
      assert.equal(json.data.rows.length, 61);
      assert.equal(json.total, 61);
      assert.equal(json.nextPage, undefined);
      // The last notification may come with the result in one chunk, when the client no longer listens.
      const expected = [10, 20, 30, 40, 50, 60, 61].map((progress) => ({
        progress,
        total: 61,
        message: `${progress} items`,
      }));
      assert.ok(seen.length >= expected.length - 1);
      assert.deepEqual(seen, expected.slice(0, seen.length));
    });

    it('counts the bytes of a usage download', async () => {
      const { seen, failed, json } = await watch('databricks_download_billable_usage', {
        start_month: '2026-01',
        end_month: '2026-03',
      });
      assert.equal(failed, false);
      assert.ok(seen.length > 1);
      const counts = seen.map(({ progress }) => progress);
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => a - b),
      );
      assert.ok((counts.at(-1) ?? 0) <= json.data.bytes);
      assert.match(seen[0]?.message ?? '', /^\d+ bytes$/);
    });
  });
}

it('sends no progress to a client that did not ask for it', async () => {
  const server = await RawProcess.started({ flags: ['--sandbox'] });
  await server.call('databricks_list_users', { all: true, count: 10 });
  assert.deepEqual(
    server.messages().filter(({ method }) => method !== undefined),
    [],
  );
});

describe('cancelling', () => {
  /** An account that lets sign in and then never answers; tells about the requests it holds. */
  async function silentAccount() {
    const held: { request: IncomingMessage; hungUp: boolean }[] = [];
    const host = createServer((request, response) => {
      if (request.url?.startsWith('/oidc/')) {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ access_token: 'opaque', expires_in: 3600, scope: 'all-apis' }));
        return;
      }
      const entry = { request, hungUp: false };
      held.push(entry);
      response.on('close', () => {
        entry.hungUp = true;
      });
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    atEnd(() => {
      host.closeAllConnections();
      host.close();
    });
    const settings = {
      DATABRICKS_HOST: `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
      DATABRICKS_ACCOUNT_ID: '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24',
      DATABRICKS_CLIENT_ID: '3e9d1b47-6a05-4c8f-a2d7-90b4c1e5f836',
      DATABRICKS_CLIENT_SECRET: 'opaque-as-well',
    };
    return { held, settings };
  }

  for (const mode of [{ pin: '2026-07-28' }, 'legacy'] as const) {
    it(`ends the request at Databricks (${mode === 'legacy' ? '2025 era' : '2026-07-28'})`, async () => {
      const { held, settings } = await silentAccount();
      const { client } = await connect({ settings, mode });
      const cancel = new AbortController();
      const call = client.callTool({ name: 'databricks_list_groups', arguments: {} }, { signal: cancel.signal });
      const ended = assert.rejects(call);
      assert.ok(await eventually(() => held.length > 0));
      assert.equal(held[0]?.hungUp, false);
      cancel.abort();
      assert.ok(await eventually(() => held[0]?.hungUp), 'the request goes on');
      await ended;
      assert.equal(held.length, 1, 'it was sent again');
    });
  }

  it('leaves other calls alone', async () => {
    const { held, settings } = await silentAccount();
    const server = await RawProcess.started({ settings });
    const first = server.post('tools/call', { name: 'databricks_list_groups', arguments: {} });
    server.post('tools/call', { name: 'databricks_list_users', arguments: {} });
    assert.ok(await eventually(() => held.length === 2));
    server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: first } });
    const groups = held.find(({ request }) => request.url?.includes('/Groups'));
    assert.ok(await eventually(() => groups?.hungUp));
    assert.equal(held.find(({ request }) => request.url?.includes('/Users'))?.hungUp, false);
    assert.equal(server.line(first), '', 'a cancelled request is not answered');
  });
});
