/** Several Databricks accounts behind one server: the address chooses, each with its own sign-in and policy. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { exits } from '../../src/cli/exit-codes.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { served } from '../http/serving.js';
import { home, run, start } from './program.js';

const everybody = 'everybody-0123456789-0123456789-012345678';
const onlySecond = 'only-second-0123456789-0123456789-0123456';

// Not in a hook: what is started there ends with it.
const [first, second] = await Promise.all([startSandbox(), startSandbox()]);
after(() => Promise.all([first.close(), second.close()]));
const profiles = join(home, 'accounts.cfg');
writeFileSync(
  profiles,
  `[second]\nhost = ${second.url}\naccount_id = ${second.accountId}\nclient_id = ${second.clientId}\nclient_secret = ${second.clientSecret}\n`,
  { mode: 0o600 },
);
const policy = join(home, 'second-policy.json');
writeFileSync(policy, JSON.stringify({ areas: ['groups', 'users'] }), { mode: 0o600 });
const team = join(home, 'team.json');
const scopes = ['dbx:read', 'dbx:write'];
writeFileSync(
  team,
  JSON.stringify([
    { name: 'everybody', token: everybody, scopes },
    { name: 'second', token: onlySecond, scopes, accounts: ['second'] },
  ]),
  { mode: 0o600 },
);
const args = ['--config-file', profiles, '--serve-profile', `second=${policy}`, '--token-file', team];
const child = start(['http', '--port', '0', '--rate', '1000', ...args], {
  DATABRICKS_HOST: first.url,
  DATABRICKS_ACCOUNT_ID: first.accountId,
  DATABRICKS_CLIENT_ID: first.clientId,
  DATABRICKS_CLIENT_SECRET: first.clientSecret,
});
const { url, said } = await served(child);

describe('a server for two accounts', () => {
  const at = async (path: string, token: string) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(path, url), { requestInit }));
    return client;
  };
  const create = { name: 'databricks_create_group', arguments: { displayName: 'made here' } };

  it('does in each account what is asked at its address, and nothing in the other', async () => {
    for (const [path, here, other] of [
      ['/mcp', first, second],
      ['/account/second/mcp', second, first],
    ] as const) {
      for (const account of [first, second]) account.clearEffects();
      const client = await at(path, everybody);
      const { isError } = await client.callTool(create);
      await client.close();
      assert.ok(!isError, path);
      assert.deepEqual([here.effects.length, other.effects.length], [1, 0], path);
    }
  });

  it('sends Databricks the id a request has in the log, one for each', async () => {
    const client = await at('/mcp', everybody);
    const sent: (string | undefined)[] = [];
    for (let n = 0; n < 2; n += 1) {
      first.clearRequests();
      await client.callTool({ name: 'databricks_list_users', arguments: { count: 1 } });
      sent.push(...new Set(first.requests.map(({ headers }) => headers['x-request-id'])));
    }
    await client.close();
    assert.equal(new Set(sent).size, 2, String(sent));
    const missing = () => sent.filter((id) => !said().includes(`"request_id":"${id}"`));
    for (let tries = 0; missing().length > 0 && tries < 100; tries += 1) await setTimeout(20);
    assert.deepEqual(missing(), []);
  });

  it('tells Databricks an id of its own where the client gives one', async () => {
    const given = 'id-of-the-client-17';
    const headers = { authorization: `Bearer ${everybody}`, 'x-request-id': given };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
    first.clearRequests();
    await client.callTool({ name: 'databricks_list_users', arguments: { count: 1 } });
    await client.close();
    const [sent, ...others] = new Set(first.requests.map(({ headers }) => headers['x-request-id']));
    assert.deepEqual([others, sent === given], [[], false]);
    const line = `"request_id":"${given}","sent_as":"${sent}"`;
    for (let tries = 0; !said().includes(line) && tries < 100; tries += 1) await setTimeout(20);
    assert.ok(said().includes(line), line);
  });

  it('narrows each account by its own policy, and further by pins in the address', async () => {
    const sizes = [];
    for (const path of ['/mcp', '/account/second/mcp', '/account/second/readonly/mcp']) {
      const client = await at(path, everybody);
      sizes.push((await client.listTools()).tools.length);
      await client.close();
    }
    const [all = 0, own = 0, pinned = 0] = sizes;
    assert.ok(pinned > 1 && pinned < own && own < all, sizes.join());
  });

  it('shows a caller the accounts its token is for, and answers alike where there is none', async () => {
    const client = await at('/account/second/mcp', onlySecond);
    assert.ok((await client.listTools()).tools.length > 1);
    await client.close();
    const post = (path: string, token: string) =>
      fetch(new URL(path, url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
    const answers = await Promise.all([
      post('/mcp', onlySecond),
      post('/account/third/mcp', onlySecond),
      post('/account/third/mcp', everybody),
    ]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 404],
    );
    assert.equal(new Set(bodies).size, 1);
  });
});

it('a profile named twice, or like the account without a name, does not start', async () => {
  for (const names of [['a', 'a'], ['default'], ['a b']]) {
    const flags = names.flatMap((name) => ['--serve-profile', name]);
    const { code, stderr } = await run(['http', '--sandbox', '--port', '0', ...flags]);
    assert.equal(code, exits.exposed.code, stderr);
    assert.match(stderr, /--serve-profile/);
  }
});
