/** The shared executor: from a caller's arguments to one honest result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { failed } from '../../src/core/errors.js';
import { actions } from '../../tools/index.js';
import { getUser } from '../../tools/reads/users.js';
import { accountId, clientSecret, errorOf, failureOf, json, until } from '../databricks/servers.js';
import { account, action } from './account.js';
import { unguarded } from './unguarded.js';

const base = `/api/2.0/accounts/${accountId}`;

test('a read goes out signed and comes back as data', async (t) => {
  const { executor, calls } = await account(t, (_, res) => json(res, 200, { id: '7', userName: 'a@b.c' }));
  const { selection, ...result } = await executor.execute(action('get_user'), { id: 7, fields: 'id, userName,id' });
  assert.deepEqual(result, { data: { id: '7', userName: 'a@b.c' } });
  assert.deepEqual(selection, { given: { id: '7' }, all: false, full: false, fields: ['id', 'userName'], from: 1 });
  assert.deepEqual([calls[0]?.method, calls[0]?.url], ['GET', `${base}/scim/v2/Users/7`]);
  assert.equal(calls[0]?.headers.authorization, 'Bearer token-1');
});

test('a 64-bit id in an answer keeps every digit', async (t) => {
  const { executor } = await account(t, (_, res) => void res.end('{"workspace_id":9223372036854775807,"size":12}'));
  const { data } = await executor.execute(action('get_user'), { id: '1' });
  assert.deepEqual(data, { workspace_id: '9223372036854775807', size: 12 });
});

test('a write tells that it was applied; an empty answer is no data', async (t) => {
  const { executor, calls } = await account(t, (_, res) => void res.writeHead(204).end());
  const { selection: _, ...result } = await executor.execute(action('delete_user'), { id: '7' });
  assert.deepEqual(result, { data: null, outcome: 'applied' });
  assert.equal(calls[0]?.method, 'DELETE');
});

test('what is refused as input sends nothing, not even a sign-in', async (t) => {
  const { executor, server } = await account(t, (_, res) => json(res, 200, {}));
  for (const args of [
    {},
    { id: '' },
    { id: '../x' },
    { id: '%2e%2e' },
    { id: 'a/b' },
    { id: '1', force: true },
    null,
    'x',
    [],
  ]) {
    const failure = await failureOf(executor.execute(action('delete_user'), args));
    assert.deepEqual([failure.kind, failure.sent], ['input', 'no'], JSON.stringify(args));
  }
  assert.equal(server.connections, 0);
});

test('an action the scopes do not open is refused before anything is sent, naming the scope', async (t) => {
  const { executor, server } = await account(t, (_, res) => json(res, 200, {}), { scopes: ['billing'] });
  const failure = await failureOf(executor.execute(action('get_user'), { id: '1' }));
  assert.deepEqual([failure.kind, failure.scope, failure.sent], ['not_available', 'scim', 'no']);
  assert.match(failure.message, /needs the scope scim; granted: "billing"/);
  assert.match(failure.next ?? '', /--scopes or DATABRICKS_SCOPES/);
  assert.equal(server.connections, 0);
});

test('an action of another cloud is refused, naming the clouds that have it', async (t) => {
  const { executor, server } = await account(t, (_, res) => json(res, 200, {}), { cloud: 'gcp' });
  const failure = await failureOf(executor.execute(action('get_credential'), { credentials_id: 'x' }));
  assert.equal(failure.kind, 'not_available');
  assert.match(failure.message, /does not exist on gcp; only on aws/);
  assert.equal(server.connections, 0);
});

test('a token that grants less than was asked for closes actions from then on', async (t) => {
  const { executor, access, calls } = await account(t, (_, res) => json(res, 200, { id: '1' }), {
    token: (res) => json(res, 200, { access_token: 't-canary-1', expires_in: 3_600, scope: 'scim' }),
  });
  assert.equal(access.permitted.length, actions.filter(({ clouds }) => clouds.includes('aws')).length);
  let changes = 0;
  const stop = access.onChange(() => {
    changes += 1;
  });
  await executor.execute(action('get_user'), { id: '1' });
  assert.deepEqual([access.confirmed, access.scopes, changes], [true, ['scim'], 1]);
  assert.equal((await failureOf(executor.execute(action('list_budgets'), {}))).kind, 'not_available');
  assert.equal(calls.length, 1);
  const { permitted } = access;
  access.learn(['scim']);
  assert.equal(access.permitted, permitted, 'the same array until something changes');
  stop();
  access.learn(['all-apis']);
  assert.equal(changes, 1);
});

test('missing settings are all named at the first call that needs them', async (t) => {
  const connection = () => {
    throw failed('configuration', 'Not configured: No account id is set. No client secret is set.', {
      next: 'Set both.',
    });
  };
  const { executor, server } = await account(t, (_, res) => json(res, 200, {}), { parts: { connection } });
  const failure = await failureOf(executor.execute(action('get_user'), { id: '1' }));
  assert.deepEqual([failure.kind, failure.next, failure.sent], ['configuration', 'Set both.', 'no']);
  assert.equal((await failureOf(executor.execute(action('unified_list_users'), {}))).kind, 'configuration');
  assert.equal(server.connections, 0);
});

/** What may go wrong after a create was carried out: how often it was sent, and what is told. */
const afterCreate = {
  reset: ['network', undefined],
  '503 with Retry-After': ['upstream', 503],
  '500': ['upstream', 500],
  'throttled by 500': ['throttled', 500],
  'broken JSON': ['unreadable', undefined],
  'a list for an object': ['unreadable', undefined],
  'a login page': ['unreadable', 200],
} as const;

for (const [name, [kind, status]] of Object.entries(afterCreate)) {
  test(`a create that was carried out and then failed (${name}) is sent exactly once, its outcome unknown`, async (t) => {
    let created = 0;
    const { executor } = await account(t, ({ method }, res) => {
      // What the executor reads around a create finds nothing.
      if (method === 'GET') return json(res, 200, {});
      created += 1;
      if (name === 'reset') res.socket?.resetAndDestroy();
      else if (name === '503 with Retry-After') json(res, 503, {}, { 'retry-after': '1' });
      else if (name === '500') json(res, 500, { error_code: 'INTERNAL_ERROR' });
      else if (name === 'throttled by 500') json(res, 500, { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'slow' });
      else if (name === 'broken JSON') res.writeHead(200).end('{"id":');
      else if (name === 'a list for an object') json(res, 200, [{ id: 1 }]);
      else res.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });
    const failure = await failureOf(executor.execute(action('create_group'), { displayName: 'ops' }));
    assert.deepEqual([failure.kind, failure.sent], [kind, 'maybe']);
    if (status !== undefined) assert.equal(failure.status, status);
    assert.equal(created, 1);
  });
}

test('a create that was only throttled is repeated and made once', async (t) => {
  let calls = 0;
  const { executor } = await account(t, ({ method }, res) => {
    if (method === 'GET') return json(res, 200, {});
    calls += 1;
    if (calls === 1) json(res, 429, {}, { 'retry-after': '1' });
    else json(res, 201, { id: '1' });
  });
  const result = await executor.execute(action('create_group'), { displayName: 'ops' });
  assert.deepEqual([result.outcome, calls], ['applied', 2]);
});

test('an expired token is renewed in the middle of a call, once', async (t) => {
  const { executor, signIns } = await account(t, ({ headers }, res) =>
    headers.authorization === 'Bearer token-1' ? json(res, 401, {}) : json(res, 200, { id: '1' }),
  );
  await executor.execute(action('create_group'), { displayName: 'ops' });
  assert.equal(signIns(), 2);
});

test('many calls at once that all get a 401 share one new sign-in', async (t) => {
  const { executor, signIns } = await account(t, ({ headers }, res) =>
    headers.authorization === 'Bearer token-1' ? json(res, 401, {}) : json(res, 200, { id: '1' }),
  );
  await Promise.all(Array.from({ length: 50 }, () => executor.execute(action('get_user'), { id: '1' })));
  assert.equal(signIns(), 2);
});

test('a call cancelled before it is sent sends nothing', async (t) => {
  const { executor, server } = await account(t, (_, res) => json(res, 200, {}));
  for (const [id, args] of [
    ['create_group', { displayName: 'x' }],
    ['list_users', { all: true }],
    ['unified_list_users', {}],
  ] as const) {
    const failure = await failureOf(executor.execute(action(id), args, { signal: AbortSignal.abort() }));
    assert.deepEqual([failure.kind, failure.sent], ['cancelled', 'no'], id);
  }
  assert.equal(server.connections, 0);
});

test('a call cancelled in flight reaches the socket', async (t) => {
  let closed = false;
  const { executor, calls } = await account(t, (_, res) => {
    res.on('close', () => {
      closed = true;
    });
  });
  const controller = new AbortController();
  const call = failureOf(executor.execute(action('get_user'), { id: '1' }, { signal: controller.signal }));
  await until(() => calls.length === 1, 'arrived');
  controller.abort();
  assert.equal((await call).kind, 'cancelled');
  await until(() => closed, 'closed');
});

test('a call has 55 s in all, sign-in and repetitions included', async (t) => {
  const { executor, clock, calls } = await account(t, (_, res) => {
    clock.advance(30_000);
    json(res, 503, {});
  });
  const failure = await failureOf(executor.execute(action('get_user'), { id: '1' }));
  assert.equal(failure.kind, 'upstream');
  assert.equal(calls.length, 2);
});

test('an absence that is no failure is told as a note', async (t) => {
  const { executor } = await account(t, (_, res) =>
    json(res, 404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'm' }),
  );
  const result = await executor.execute(action('get_workspace_metastore'), { workspace_id: '1' });
  assert.equal(result.data, null);
  assert.ok((result.note ?? '').length > 10);
  assert.equal((await failureOf(executor.execute(action('get_user'), { id: '1' }))).kind, 'not_found');
});

test('no result or error of a call holds the secret or the token', async (t) => {
  const { executor } = await account(t, (_, res) => json(res, 500, {}), {
    token: (res) => json(res, 200, { access_token: 'canary-token', expires_in: 60 }),
  });
  const error = await errorOf(executor.execute(action('create_group'), { displayName: 'x' }));
  const printed = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
  for (const secret of [clientSecret, 'canary-token']) assert.ok(!printed.includes(secret));
});

test('a bug stays a bug', async (t) => {
  const { executor } = await account(t, (_, res) => json(res, 200, {}), {
    parts: {
      session: () => {
        throw new TypeError('a bug');
      },
    },
  });
  await assert.rejects(executor.execute(action('get_user'), { id: '1' }), TypeError);
});

test('every derived action works through the same pipeline: bad input is refused, and a failure is one of the family', async (t) => {
  const { executor } = await account(t, (_, res) => json(res, 403, { error_code: 'PERMISSION_DENIED', message: 'no' }));
  for (const derived of actions.filter(({ kind }) => kind === 'derived')) {
    assert.equal((await failureOf(executor.execute(derived, { nope: 1 }))).kind, 'input', derived.id);
    const args = Object.fromEntries(Object.keys(derived.input.shape).includes('id') ? [['id', '1']] : []);
    const outcome = await executor.execute(derived, args).then(
      () => 'worked',
      (error) => error?.failure?.kind ?? String(error),
    );
    assert.ok(['worked', 'forbidden', 'not_found'].includes(outcome), `${derived.id}: ${outcome}`);
  }
});

test('what a call would touch is looked at again however long a person has thought about it', async (t) => {
  const seen: unknown[] = [];
  const { executor, clock, calls } = await account(t, (_, res) => json(res, 200, { id: '7' }), {
    parts: {
      guard: {
        ...unguarded.guard,
        pass: async ({ action, look }) => {
          for (const minutes of [4, 0]) {
            seen.push(await look().read(getUser, { id: '7' }));
            await clock.sleep(minutes * 60_000);
          }
          return {
            risk: action.risk,
            impact: undefined,
            approval: { id: 'a', channel: 'form', by: 'a person', waited: true },
          };
        },
      },
    },
  });
  const { outcome } = await executor.execute(action('delete_user'), { id: '7' });
  assert.deepEqual([outcome, seen], ['applied', [{ id: '7' }, { id: '7' }]]);
  assert.deepEqual(
    calls.map(({ method }) => method),
    ['GET', 'GET', 'DELETE'],
  );
});

test('a look makes a bounded number of requests, and where that is not enough nothing is sent', async (t) => {
  const pass: typeof unguarded.guard.pass = async ({ action, look }) => {
    const { read } = look();
    await Promise.all(Array.from({ length: 3_000 }, (_, id) => read(getUser, { id: String(id) })));
    return { risk: action.risk, impact: undefined };
  };
  const { executor, calls } = await account(t, (_, res) => json(res, 200, { id: '7' }), {
    parts: { guard: { ...unguarded.guard, pass } },
  });
  const failure = await failureOf(executor.execute(action('delete_user'), { id: '7' }));
  assert.deepEqual([failure.code, failure.sent], ['TOO_MUCH_TO_CHECK', 'no']);
  await until(() => calls.length === 150, 'the reads that were begun');
  assert.ok(calls.every(({ method }) => method === 'GET'));
});
