/** How the store and the shared key are set, and a person's terminal that settles what waits in the store. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { type AskedQuestion, approvalTime } from '../../src/guard/approvals.js';
import { createKeys } from '../../src/guard/keys.js';
import { storeAddress, storeToTell } from '../../src/store/address.js';
import { openLink } from '../../src/store/link.js';
import { openSharedStore } from '../../src/store/shared.js';
import { run } from '../cli/program.js';
import { errorOf, temporaryDirectory } from '../databricks/servers.js';
import { type Redis, redis, withoutRedis } from './redis.js';

const skip = withoutRedis;
const messageOf = (error: unknown) => (error instanceof ActionError ? error.failure.message : String(error));

function keyFile(t: TestContext): string {
  const path = join(temporaryDirectory(t), 'shared-key');
  writeFileSync(path, randomBytes(32), { mode: 0o600 });
  return path;
}

async function opened(t: TestContext, { url }: Redis, file: string, problems: string[] = []) {
  const keys = createKeys(temporaryDirectory(t), { file });
  const events = { onChange: () => {}, onProblem: (problem: string) => void problems.push(problem) };
  const store = await openSharedStore(url, keys, events);
  t.after(() => store?.close());
  assert.ok(store !== undefined);
  return store;
}

test('the address is taken from flag or environment, and what is none is refused without being shown', () => {
  assert.equal(storeAddress(undefined, {}), undefined);
  assert.equal(storeAddress('redis://a:1', { DATABRICKS_MCP_STORE: 'redis://b:1' }), 'redis://a:1');
  assert.equal(storeAddress(undefined, { DATABRICKS_MCP_STORE: 'rediss://u:hush@b:1' }), 'rediss://u:hush@b:1');
  for (const wrong of ['http://u:hush@b', 'hush', 'redis://u:hush@b:1']) {
    assert.throws(
      () => storeAddress(wrong, {}),
      (error) => !messageOf(error).includes('hush'),
    );
  }
});

test('the shared key may be a link, as platforms mount it, but never open to others', async (t) => {
  const path = keyFile(t);
  const link = `${path}-link`;
  symlinkSync(path, link);
  const here = temporaryDirectory(t);
  const key = await createKeys(here, { file: path }).derive('approvals');
  assert.deepEqual(await createKeys(here, { file: link }).derive('approvals'), key);
  chmodSync(path, 0o644);
  await assert.rejects(createKeys(here, { file: path }).derive('x'), /can be read or written by others/);
  await assert.rejects(createKeys(here, { file: `${path}-none` }).derive('x'), /is missing/);
});

test('an address the client package cannot read is refused as one, without being shown', async () => {
  for (const url of ['redis://127.0.0.1:1/notanumber', 'redis://user:%ZZ@127.0.0.1:1']) {
    const opening = openLink({ url, onChange: () => {} });
    const { failure } = await errorOf(opening);
    assert.equal(failure.kind, 'configuration', url);
    assert.doesNotMatch(`${failure.message} ${failure.next}`, /notanumber|%ZZ/);
  }
});

test('what a model is told of the store has no password in it', () => {
  assert.equal(storeToTell(undefined, { DATABRICKS_MCP_STORE: 'redis://me:secret@db:6379' }), undefined);
  assert.equal(storeToTell('redis://db:6379', {}), 'redis://db:6379');
  assert.equal(storeToTell(undefined, {}), undefined);
});

test('a replica with another key does not start', { skip }, async (t) => {
  const server = await redis(t);
  await opened(t, server, keyFile(t));
  await assert.rejects(opened(t, server, keyFile(t)), (error) => /another key/.test(messageOf(error)));
});

test('`approvals` lists and withdraws what waits in the store', { skip }, async (t) => {
  const server = await redis(t);
  const file = keyFile(t);
  const { approvals } = await opened(t, server, file);
  const asked: AskedQuestion = {
    id: 'abcdefghij',
    askedAt: Date.now() - approvalTime / 10,
    action: 'databricks_delete_user',
    label: 'Delete User',
    risk: 'destructive',
    accountId: 'a-1',
    sandbox: true,
    caller: 'token:ci',
    binding: 'b',
    snapshot: 's',
    lines: ['Delete user "ana"'],
  };
  await approvals.add(asked);
  const env = { DATABRICKS_MCP_STORE: server.url, DATABRICKS_MCP_KEY_FILE: file };
  const listed = await run(['approvals', '--json'], env);
  assert.deepEqual(
    JSON.parse(listed.stdout).map(({ id }: { id: string }) => id),
    [asked.id],
    listed.stderr,
  );
  assert.deepEqual(JSON.parse((await run(['approvals', '--json'])).stdout), [], "not among this machine's own");
  const withdrawn = await run(['approvals', 'withdraw', asked.id, '--store', server.url], {
    DATABRICKS_MCP_KEY_FILE: file,
  });
  assert.equal(withdrawn.code, 0, withdrawn.stderr);
  assert.equal((await approvals.all())[0]?.state, 'withdrawn');
  await server.stop();
  const lost = await run(['approvals'], env);
  assert.notEqual(lost.code, 0);
  assert.match(lost.stderr, /store that the replicas share cannot be used/);
});
