/** A signed-in conversation: the token, what is repeated and what never is, and how it ends. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { failed } from '../../src/core/errors.js';
import type { WireRequest } from '../../src/core/wire.js';
import { createHttp, type Http } from '../../src/databricks/http.js';
import { createSession, type Run } from '../../src/databricks/session.js';
import type { Token, TokenSource } from '../../src/databricks/token.js';
import type { Effect } from '../../tools/action.js';
import { failureOf, fakeClock, httpServer, json, type Local, until } from './servers.js';

const request = (method: WireRequest['method']): WireRequest => ({
  method,
  path: '/api/2.0/x',
  headers: { accept: 'application/json' },
  ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }),
});

const effects: readonly (readonly [Effect, WireRequest['method']])[] = [
  ['read', 'GET'],
  ['create', 'POST'],
  ['add', 'PATCH'],
  ['set', 'PUT'],
  ['remove', 'DELETE'],
];

function setup(t: TestContext, server: Pick<Local, 'origin'>, wrap: (http: Http) => Http = (http) => http) {
  const clock = fakeClock();
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  let number = 1;
  const rejected: string[] = [];
  const tokens: TokenSource = {
    get: async (signal): Promise<Token> => {
      if (signal?.aborted) throw failed('cancelled', 'The call was cancelled.');
      return { value: `token-${number}`, scopes: ['all-apis'] };
    },
    reject: ({ value }) => {
      rejected.push(value);
      number += 1;
    },
  };
  const session = createSession(wrap(http), tokens, clock);
  const run = (rest: Partial<Run> = {}): Run => ({ deadline: clock.now() + 55_000, ...rest });
  return { clock, session, rejected, run };
}

/** Answers one after the other; the last one stays. */
const script = (...answers: ((res: ServerResponse) => void)[]) => {
  let index = 0;
  return (_: unknown, res: ServerResponse) => {
    const answer = answers[Math.min(index, answers.length - 1)];
    index += 1;
    answer?.(res);
  };
};
const ok = (res: ServerResponse) => json(res, 200, { ok: true });
const status =
  (code: number, headers: Record<string, string> = {}, body: unknown = {}) =>
  (res: ServerResponse) =>
    json(res, code, body, headers);
const reset = (res: ServerResponse) => void res.socket?.resetAndDestroy();

for (const [effect, method] of effects) {
  test(`${method} is sent again after one 401, with a new token`, async (t) => {
    const server = await httpServer(t, script(status(401), ok));
    const { session, rejected, run } = setup(t, server);
    assert.equal((await session.send(request(method), effect, run())).status, 200);
    assert.deepEqual(
      server.seen.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2'],
    );
    assert.deepEqual(rejected, ['token-1']);
  });

  test(`${method} ends at the second 401`, async (t) => {
    const server = await httpServer(t, script(status(401)));
    const { session, rejected, run } = setup(t, server);
    const failure = await failureOf(session.send(request(method), effect, run()));
    assert.deepEqual([failure.kind, failure.sent, failure.retryable], ['unauthorized', 'no', false]);
    assert.equal(server.seen.length, 2);
    assert.equal(rejected.length, 1);
  });

  test(`${method} is not repeated and no token renewed after a 403`, async (t) => {
    const server = await httpServer(t, script(status(403)));
    const { session, rejected, run } = setup(t, server);
    assert.equal((await failureOf(session.send(request(method), effect, run()))).kind, 'forbidden');
    assert.deepEqual([server.seen.length, rejected.length], [1, 0]);
  });

  test(`${method} is repeated after 429, waiting as long as asked`, async (t) => {
    const server = await httpServer(t, script(status(429, { 'retry-after': '2' }), status(429), ok));
    const { session, clock, run } = setup(t, server);
    await session.send(request(method), effect, run());
    assert.equal(server.seen.length, 3);
    assert.deepEqual(clock.sleeps, [2_000, 300]);
  });

  for (const code of [500, 502, 503, 504, 408]) {
    test(`${method} after ${code} is ${effect === 'read' ? 'repeated' : 'sent exactly once'}`, async (t) => {
      const server = await httpServer(t, script(status(code, { 'retry-after': '1' }), ok));
      const { session, run } = setup(t, server);
      if (effect === 'read') {
        assert.equal((await session.send(request(method), effect, run())).status, 200);
        assert.equal(server.seen.length, 2);
      } else {
        const failure = await failureOf(session.send(request(method), effect, run()));
        assert.deepEqual([failure.sent, failure.retryAfterSeconds], ['maybe', 1]);
        assert.equal(server.seen.length, 1);
      }
    });
  }

  test(`${method} after a reset is ${effect === 'read' ? 'repeated' : 'sent exactly once'}`, async (t) => {
    const server = await httpServer(t, script(reset, ok));
    const { session, run } = setup(t, server);
    if (effect === 'read') await session.send(request(method), effect, run());
    else assert.equal((await failureOf(session.send(request(method), effect, run()))).sent, 'maybe');
    assert.equal(server.seen.length, effect === 'read' ? 2 : 1);
  });

  test(`${method} after a connection that was refused is repeated`, async (t) => {
    const server = await httpServer(t, script(ok));
    let tries = 0;
    const { session, run } = setup(t, server, (http) => ({
      ...http,
      request: async (...args) => {
        tries += 1;
        if (tries <= 2) throw failed('network', 'refused', { code: 'ECONNREFUSED', retryable: true });
        return http.request(...args);
      },
    }));
    await session.send(request(method), effect, run());
    assert.deepEqual([tries, server.seen.length], [3, 1]);
  });

  test(`${method} throttled by SCIM's 500 is ${effect === 'read' ? 'repeated' : 'not repeated: it may have been done'}`, async (t) => {
    const body = { detail: 'REQUEST_LIMIT_EXCEEDED: Workspace 1 exceeded the limit.', status: '500' };
    const server = await httpServer(t, script(status(500, {}, body), ok));
    const { session, run } = setup(t, server);
    if (effect === 'read') await session.send(request(method), effect, run());
    else {
      const failure = await failureOf(session.send(request(method), effect, run()));
      assert.deepEqual([failure.kind, failure.sent], ['throttled', 'maybe']);
    }
    assert.equal(server.seen.length, effect === 'read' ? 2 : 1);
  });

  test(`${method} that stalls beyond its time is sent exactly once`, async (t) => {
    const server = await httpServer(t, () => {});
    const { session, run, clock } = setup(t, server);
    const failure = await failureOf(session.send(request(method), effect, run({ deadline: clock.now() + 150 })));
    assert.deepEqual([failure.kind, failure.sent], ['timeout', 'maybe']);
    assert.equal(server.seen.length, effect === 'read' ? server.seen.length : 1);
  });
}

test('a Retry-After longer than the time left comes back at once', async (t) => {
  for (const value of ['86400', 'Tue, 24 Nov 2026 12:00:00 GMT', '99999999999999999999']) {
    const server = await httpServer(t, script(status(429, { 'retry-after': value })));
    const { session, clock, run } = setup(t, server);
    const failure = await failureOf(session.send(request('GET'), 'read', run()));
    assert.ok((failure.retryAfterSeconds ?? 0) >= 86_400);
    assert.deepEqual([server.seen.length, clock.sleeps], [1, []]);
  }
});

test('a Retry-After that makes no sense counts as none', async (t) => {
  for (const value of ['-5', 'abc', '1e309', '']) {
    const server = await httpServer(t, script(status(429, { 'retry-after': value }), ok));
    const { session, clock, run } = setup(t, server);
    await session.send(request('GET'), 'read', run());
    assert.deepEqual(clock.sleeps, [150], value);
  }
});

test('a read that keeps failing is sent three times', async (t) => {
  const server = await httpServer(t, script(status(503)));
  const { session, clock, run } = setup(t, server);
  const failure = await failureOf(session.send(request('GET'), 'read', run()));
  assert.deepEqual([failure.kind, failure.status, server.seen.length], ['upstream', 503, 3]);
  assert.deepEqual(clock.sleeps, [150, 300]);
});

test('when the time of the call is over nothing more is sent', async (t) => {
  const server = await httpServer(t, script(ok));
  const { session, clock, run } = setup(t, server);
  const failure = await failureOf(session.send(request('POST'), 'create', run({ deadline: clock.now() })));
  assert.deepEqual([failure.kind, failure.sent, server.connections], ['timeout', 'no', 0]);
});

test('waiting for a token ends with the time of the call, and nothing was sent', async (t) => {
  const server = await httpServer(t, script(ok));
  const clock = fakeClock();
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  const tokens: TokenSource = {
    get: (signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(failed('cancelled', 'The call was cancelled.')));
      }),
    reject: () => {},
  };
  const held = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(held));
  const run = { deadline: clock.now() + 100 };
  const failure = await failureOf(createSession(http, tokens, clock).send(request('POST'), 'create', run));
  assert.deepEqual([failure.kind, failure.sent, failure.retryable], ['timeout', 'no', true]);
  assert.equal(server.connections, 0);
});

test('a failed sign-in never means that the action was sent', async (t) => {
  const server = await httpServer(t, script(ok));
  const clock = fakeClock();
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  const tokens: TokenSource = {
    get: async () => {
      throw failed('timeout', 'm', { sent: 'maybe', retryable: true });
    },
    reject: () => {},
  };
  const failure = await failureOf(createSession(http, tokens, clock).send(request('POST'), 'create', {}));
  assert.deepEqual([failure.kind, failure.sent], ['timeout', 'no']);
});

test('a call cancelled before it is sent sends nothing; cancelled while it waits, it is not sent again', async (t) => {
  const server = await httpServer(t, script(status(503)));
  const { session, clock, run } = setup(t, server);
  const before = await failureOf(session.send(request('POST'), 'create', run({ signal: AbortSignal.abort() })));
  assert.deepEqual([before.kind, before.sent, server.connections], ['cancelled', 'no', 0]);

  const controller = new AbortController();
  const sleep = clock.sleep;
  Object.assign(clock, {
    sleep: async (milliseconds: number) => {
      controller.abort();
      await sleep(milliseconds);
    },
  });
  const waiting = await failureOf(session.send(request('GET'), 'read', run({ signal: controller.signal })));
  assert.deepEqual([waiting.kind, server.seen.length], ['cancelled', 1]);
});

test('a read cancelled in flight closes its socket', async (t) => {
  const server = await httpServer(t, () => {});
  const { session, run } = setup(t, server);
  const controller = new AbortController();
  const call = failureOf(session.send(request('GET'), 'read', run({ signal: controller.signal })));
  await until(() => server.seen.length === 1, 'arrived');
  controller.abort();
  assert.deepEqual(await call.then(({ kind, sent }) => [kind, sent]), ['cancelled', 'maybe']);
  await until(() => server.sockets.size === 0, 'closed');
});

/** Answers that do not come from the API. */
const strange: Record<string, { answer: (res: ServerResponse) => void; code: string; sent: string }> = {
  'a login page with 200': {
    answer: (res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html></html>'),
    code: 'WRONG_HOST_OR_LOGIN',
    sent: 'maybe',
  },
  'a login page that calls itself JSON': {
    answer: (res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('\n <HTML>'),
    code: 'WRONG_HOST_OR_LOGIN',
    sent: 'maybe',
  },
  'a redirect to a login': {
    answer: (res) => void res.writeHead(302, { location: '/login?account_id=x' }).end(),
    code: 'WRONG_HOST_OR_LOGIN',
    sent: 'maybe',
  },
  'a redirect to another path': {
    answer: (res) => void res.writeHead(308, { location: '/api/2.1/x' }).end(),
    code: 'REDIRECT',
    sent: 'maybe',
  },
  'a redirect without a place': { answer: (res) => void res.writeHead(304).end(), code: 'REDIRECT', sent: 'maybe' },
  'a private link notice': {
    answer: (res) =>
      void res.writeHead(302, { location: 'https://x/login.html?error=private-link-validation-error' }).end(),
    code: 'PRIVATE_LINK',
    sent: 'maybe',
  },
};

for (const [name, { answer, code, sent }] of Object.entries(strange)) {
  test(`${name} is named, with what to check, and not repeated`, async (t) => {
    const server = await httpServer(t, script(answer));
    const { session, run } = setup(t, server);
    for (const [effect, method] of [
      ['read', 'GET'],
      ['create', 'POST'],
    ] as const) {
      const failure = await failureOf(session.send(request(method), effect, run()));
      assert.deepEqual(
        [failure.kind, failure.code, failure.sent, failure.retryable],
        ['unreadable', code, sent, false],
      );
    }
    assert.equal(server.seen.length, 2);
  });
}

test('a download hands out the stream of a good answer and reads an error out of a bad one', async (t) => {
  const server = await httpServer(
    t,
    script(status(503), (res) => void res.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\n')),
  );
  const { session } = setup(t, server);
  const { body } = await session.open({ ...request('GET') }, {});
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  assert.equal(Buffer.concat(parts).toString(), 'a,b\n');
  assert.equal(server.seen.length, 2);

  const refused = await httpServer(
    t,
    script(status(403, {}, { error_code: 'X', message: 'required scopes: billing' })),
  );
  assert.equal((await failureOf(setup(t, refused).session.open(request('GET'), {}))).kind, 'missing_scope');
  const page = await httpServer(
    t,
    script((res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>')),
  );
  assert.equal((await failureOf(setup(t, page).session.open(request('GET'), {}))).code, 'WRONG_HOST_OR_LOGIN');
});

test('a download renews the token once, as any call', async (t) => {
  const server = await httpServer(
    t,
    script(status(401), (res) => void res.end('a\n')),
  );
  const { session, rejected } = setup(t, server);
  const { body } = await session.open(request('GET'), {});
  for await (const _ of body) assert.ok(_);
  assert.deepEqual([server.seen.length, rejected.length], [2, 1]);
});
