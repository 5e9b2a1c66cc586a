/** Many calls at once: an outage stays cheap for the account, a restart goes unnoticed, and one pipe carries a thousand. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createApp } from '../../src/app.js';
import { ActionError, type Failure } from '../../src/core/errors.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { actions } from '../../tools/index.js';
import { RawProcess } from '../mcp/raw-process.js';
import { atEnd, temporaryHome } from '../mcp/server-process.js';

async function appFor({
  url,
  accountId,
  clientId,
  clientSecret,
}: Pick<Sandbox, 'url' | 'accountId' | 'clientId' | 'clientSecret'>) {
  const home = temporaryHome();
  const app = await createApp({
    flags: {},
    env: {
      HOME: home,
      DATABRICKS_HOST: url,
      DATABRICKS_ACCOUNT_ID: accountId,
      DATABRICKS_CLIENT_ID: clientId,
      DATABRICKS_CLIENT_SECRET: clientSecret,
    },
    stateDirectory: home,
    logLevel: 'silent',
  });
  atEnd(() => app.close());
  return async (id: string, args: object): Promise<Failure | undefined> => {
    const action = actions.find((each) => each.id === `databricks_${id}`);
    assert.ok(action);
    try {
      await app.executor.execute(action, args);
      return undefined;
    } catch (error) {
      if (error instanceof ActionError) return error.failure;
      throw error;
    }
  };
}

async function account(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  atEnd(() => sandbox.close());
  return sandbox;
}

/** As many different reads: equal ones would be answered from memory. */
const readsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ count: 1, startIndex: at + 1 }));

// S077, S084
for (const [status, retries] of [
  [503, 10],
  [429, 20],
] as const) {
  test(`a crowd that meets ${status} everywhere adds at most ${retries} retries to its own requests`, async () => {
    const sandbox = await account();
    const call = await appFor(sandbox);
    await call('list_users', {});
    sandbox.addFault({ pattern: 'GET /api/*', action: 'status', status });
    sandbox.clearRequests();
    const failures = await Promise.all(readsOf(200).map((args) => call('list_users', args)));
    assert.ok(failures.every((failure) => failure?.retryable === true));
    assert.ok(sandbox.requests.length <= 200 + retries + 1, `${sandbox.requests.length} requests`);
  });
}

// S075
test('reads that are under way when every connection dies come back with their answers', async () => {
  const sandbox = await account();
  const call = await appFor(sandbox);
  await call('list_users', {});
  sandbox.addFault({ pattern: 'GET /api/*', action: 'delay', delayMs: 50 });
  const crowd = Promise.all(readsOf(5).map((args) => call('list_users', args)));
  await wait(20);
  await sandbox.close();
  const reborn = await startSandbox({ port: Number(new URL(sandbox.url).port) });
  atEnd(() => reborn.close());
  assert.deepEqual(await crowd, Array(5).fill(undefined));
});

// S042
test('a thousand calls at once on one pipe are each answered once', { timeout: 60_000 }, async () => {
  const server = await RawProcess.started({ flags: ['--sandbox'] });
  const ids = readsOf(1_000).map((args) =>
    server.post('tools/call', { name: 'databricks_list_users', arguments: args }),
  );
  for (const started = Date.now(); server.messages().length <= 1_000 && Date.now() - started < 50_000; )
    await wait(100);
  const answered = server.messages().flatMap(({ id, result }) => (ids.includes(id) ? [result.isError === true] : []));
  assert.equal(answered.length, 1_000);
  assert.ok(answered.every((failed) => !failed));
  assert.equal(await server.leave(), 0);
});

// S074
test('a create is made at most once, however close to its sending an idle connection is closed', async () => {
  const made = new Map<string, number>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const say = (body: unknown) => response.end(JSON.stringify(body));
      // An idle connection lives for a moment that the next request is about to use.
      response.on('finish', () => setTimeout(() => request.socket.destroy(), Math.random() * 4));
      response.setHeader('content-type', 'application/json');
      if (request.url?.startsWith('/oidc/')) return say({ access_token: 'token', expires_in: 3_600 });
      if (request.method === 'GET')
        return say({ Resources: [...made.keys()].map((name) => ({ id: name, displayName: name })) });
      const { displayName } = JSON.parse(Buffer.concat(parts).toString());
      made.set(displayName, (made.get(displayName) ?? 0) + 1);
      return say({ id: displayName, displayName });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const call = await appFor({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountId: '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24',
    clientId: '5d1d9c1e-8f0b-4b5e-9d6e-6f0c1f2a3b4c',
    clientSecret: 'dose0123456789abcdef0123456789abcdef',
  });
  const names = Array.from({ length: 120 }, (_, at) => `idle-${at}`);
  const lane = async (mine: readonly string[]) => {
    for (const displayName of mine) {
      const failure = await call('create_group', { displayName });
      const times = made.get(displayName) ?? 0;
      assert.ok(times <= 1, `${displayName} was made ${times} times`);
      if (failure === undefined) assert.equal(times, 1);
      if (failure?.sent === 'no') assert.equal(times, 0);
      await wait(Math.random() * 4);
    }
  };
  // In many short lanes, because each answer that is lost takes seconds to settle.
  await Promise.all(Array.from({ length: 60 }, (_, at) => lane(names.slice(at * 2, at * 2 + 2))));
});
