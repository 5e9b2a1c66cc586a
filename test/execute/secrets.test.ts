/** One-time secrets go to a private file and never into a result. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createFileSink } from '../../src/guard/secret-files.js';
import { actions, type HttpAction } from '../../tools/index.js';
import { accountId, errorOf, failureOf, json, temporaryDirectory } from '../databricks/servers.js';
import { account, action, httpAction } from './account.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';
const minting = actions.filter((each): each is HttpAction => each.kind === 'http' && each.secret !== undefined);
const args: Record<string, Record<string, unknown>> = {
  databricks_create_service_principal_secret: { service_principal_id: '123', scopes: ['scim'] },
  databricks_create_custom_app_integration: {
    name: 'app',
    redirect_urls: ['https://x.example/cb'],
    confidential: true,
  },
};

for (const mint of minting) {
  test(`${mint.id} puts its secret into a private file and answers where`, async (t) => {
    const field = mint.secret?.field ?? '';
    const id = mint.secret?.id ?? '';
    const { executor, directory, secrets } = await account(t, (_, res) =>
      json(res, 200, { [id]: 'id/../7', [field]: canary, extra: 1 }),
    );
    const result = await executor.execute(mint, args[mint.id]);
    assert.ok(!JSON.stringify(result).includes(canary));
    assert.ok(secrets.includes(canary), 'it is known to the redactor');
    const told = (result.data as Record<string, { stored_in: string; length: number; sha256_8: string }>)[field];
    assert.ok(told);
    assert.equal(told.length, canary.length);
    assert.equal(told.sha256_8, createHash('sha256').update(canary).digest('hex').slice(0, 8));
    assert.ok(told.stored_in.startsWith(join(directory, 'secrets')), told.stored_in);
    assert.equal(statSync(told.stored_in).mode & 0o777, 0o600);
    assert.equal(statSync(join(directory, 'secrets')).mode & 0o777, 0o700);
    const stored = JSON.parse(readFileSync(told.stored_in, 'utf8'));
    assert.equal(stored.value, canary);
    assert.equal(stored.account_id, accountId);
    assert.equal(stored.action, mint.id);
    assert.deepEqual(readdirSync(join(directory, 'secrets')).length, 1, 'no probe is left behind');
    assert.equal(result.outcome, 'applied');
  });
}

test('the catalogue mints secrets in the two places the reference names', () => {
  assert.deepEqual(minting.map(({ id }) => id).sort(), Object.keys(args).sort());
});

test('where a secret could not be stored none is asked for', async (t) => {
  const file = join(temporaryDirectory(t), 'file');
  writeFileSync(file, '');
  for (const directory of [join(file, 'secrets'), file]) {
    const { executor, calls } = await account(t, (_, res) => json(res, 200, {}), {
      parts: { secrets: createFileSink(directory) },
    });
    for (const mint of minting) {
      const failure = await failureOf(executor.execute(mint, args[mint.id]));
      assert.deepEqual([failure.kind, failure.sent], ['storage', 'no'], directory);
    }
    assert.deepEqual(
      calls.filter(({ method }) => method !== 'GET'),
      [],
    );
  }
});

/** A sink that turns out to be broken only when it is too late. */
const brokenSink = {
  prepare: async () => {},
  store: async () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  },
};

// S092
for (const mint of minting) {
  const { field = '', id: idField = '' } = mint.secret ?? {};

  test(`${mint.id}: a secret that was made but could not be stored is deleted again, and told as not applied`, async (t) => {
    const live = new Set<string>();
    const { executor, calls } = await account(
      t,
      ({ method, url }, res) => {
        if (method === 'POST') live.add('made-1');
        if (method === 'DELETE') live.delete(url.split('/').at(-1) ?? '');
        json(res, 200, method === 'POST' ? { [idField]: 'made-1', [field]: canary } : {});
      },
      { parts: { secrets: brokenSink } },
    );
    const error = await errorOf(executor.execute(mint, args[mint.id]));
    const { kind, code, sent } = error.failure;
    assert.deepEqual([kind, code, sent], ['storage', 'REVOKED', 'no']);
    assert.match(error.message, /made-1.*deleted again/);
    assert.deepEqual([...live], []);
    assert.equal(calls.filter(({ method }) => method === 'DELETE').length, 1);
    assert.ok(!(inspect(error, { depth: 20 }) + JSON.stringify(error)).includes(canary));
  });

  test(`${mint.id}: a secret that could be neither stored nor deleted is told as lost, with its id and what to do`, async (t) => {
    const { executor } = await account(
      t,
      ({ method }, res) => {
        if (method === 'DELETE') return json(res, 403, { error_code: 'PERMISSION_DENIED' });
        json(res, 200, method === 'POST' ? { [idField]: 'made-1', [field]: canary } : {});
      },
      { parts: { secrets: brokenSink } },
    );
    const error = await errorOf(executor.execute(mint, args[mint.id]));
    assert.deepEqual([error.failure.kind, error.failure.sent, error.failure.retryable], ['storage', 'maybe', false]);
    assert.match(error.message, /made-1/);
    assert.match(error.failure.next ?? '', /Delete .*made-1/);
    assert.ok(!(inspect(error, { depth: 20 }) + JSON.stringify(error)).includes(canary));
  });
}

test('an answer without a secret is passed on as it is', async (t) => {
  for (const body of [{ id: '1' }, { id: '1', secret: null }, { id: '1', secret: '' }]) {
    const { executor, directory } = await account(t, (_, res) => json(res, 200, body));
    const result = await executor.execute(
      action('create_service_principal_secret'),
      args.databricks_create_service_principal_secret,
    );
    assert.deepEqual(result.data, body);
    assert.deepEqual(readdirSync(join(directory, 'secrets')), []);
  }
});

test('the sink neither overwrites a file nor follows a link, and its names stay in its folder', async (t) => {
  const directory = join(temporaryDirectory(t), 'secrets');
  mkdirSync(directory, { mode: 0o700 });
  const sink = createFileSink(directory);
  const names = ['../../evil', 'a/b', '..', 'x'.repeat(500), 'ü\u0000\n', ''];
  for (const name of names) {
    const { stored_in: path } = await sink.store(name, canary, {});
    assert.equal(join(path, '..'), directory, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  }
  assert.equal(readdirSync(directory).length, names.length);
  const elsewhere = temporaryDirectory(t);
  symlinkSync(elsewhere, join(directory, 'link'));
  await sink.store('link', canary, {});
  assert.deepEqual(readdirSync(elsewhere), []);
});

test('only what mints needs the sink', async (t) => {
  const sink = { prepare: () => assert.fail('asked'), store: () => assert.fail('stored') };
  const { executor } = await account(t, (_, res) => json(res, 200, { id: '1', integration_id: 'a' }), {
    parts: { secrets: sink },
  });
  await executor.execute(action('create_group'), { displayName: 'x' });
  await executor.execute(action('get_user'), { id: '1' });
  const when = httpAction('create_custom_app_integration').secret?.when;
  if (when?.({ confidential: false }) === false) {
    await executor.execute(action('create_custom_app_integration'), {
      ...args.databricks_create_custom_app_integration,
      confidential: false,
    });
  }
});

test('a secret in a form or a place nobody expects goes to the file with the whole answer, not to the caller', async (t) => {
  const shapes = [
    { id: '1', secret: { value: canary } },
    { id: '1', credential: { secret: canary } },
    { id: '1', Secret: canary },
    { id: '1', secret: 'dose11111111111111111111111111111111', client_secret: canary },
  ];
  for (const body of shapes) {
    const { executor, directory } = await account(t, ({ method }, res) => json(res, 200, method === 'GET' ? {} : body));
    const result = await executor.execute(
      action('create_service_principal_secret'),
      args.databricks_create_service_principal_secret,
    );
    assert.ok(!JSON.stringify(result).includes(canary), JSON.stringify(body));
    assert.equal(readdirSync(join(directory, 'secrets')).length, 1);
  }
});

test('what Databricks answers cannot change the facts beside a stored secret', async (t) => {
  const { executor, directory } = await account(t, ({ method }, res) =>
    json(res, 200, method === 'GET' ? {} : { id: '1', secret: canary, account_id: 'other', action: 'other' }),
  );
  await executor.execute(action('create_service_principal_secret'), args.databricks_create_service_principal_secret);
  const [file = ''] = readdirSync(join(directory, 'secrets'));
  const stored = JSON.parse(readFileSync(join(directory, 'secrets', file), 'utf8'));
  assert.deepEqual([stored.account_id, stored.action], [accountId, 'databricks_create_service_principal_secret']);
});

test('a folder for secrets that others may enter is refused before anything is sent', async (t) => {
  const directory = join(temporaryDirectory(t), 'open');
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  const { executor, calls } = await account(t, (_, res) => json(res, 200, {}), {
    parts: { secrets: createFileSink(directory) },
  });
  const failure = await failureOf(
    executor.execute(action('create_service_principal_secret'), args.databricks_create_service_principal_secret),
  );
  assert.deepEqual([failure.kind, calls.length], ['storage', 0]);
});
