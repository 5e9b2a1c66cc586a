/** TLS and proxies: certificates are always checked, CONNECT is used, and a proxy's password is shown to nobody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createHttp, type HttpOptions, type Limits } from '../../src/databricks/http.js';
import {
  connectProxy,
  errorOf,
  failureOf,
  httpServer,
  type KeyPair,
  keyPair,
  temporaryFile,
  tlsServer,
} from './servers.js';

const limits: Limits = { firstByte: 5_000, idle: 5_000, attempt: 10_000, maxBytes: 1024 * 1024 };
const get = { method: 'GET', path: '/x', headers: { authorization: 'Bearer canary-token' } } as const;

const host = 'accounts.databricks.test';
const ok = (_: unknown, res: { end(text: string): void }) => res.end('{"ok":true}');

test('TLS and proxies', async (t) => {
  const pair = keyPair(t, [host, 'localhost']);
  if (pair === undefined) return t.skip('openssl is not installed');

  const open = (options: Omit<HttpOptions, 'userAgent'>) => {
    const http = createHttp({ userAgent: 'test/1', env: {}, ...options });
    t.after(() => http.close());
    return http;
  };
  /** An upstream, a proxy that leads to it, and a client that has to use the proxy: its host has no address. */
  const behindProxy = async (
    options: { status?: number; env?: Record<string, string>; pair?: KeyPair; ca?: boolean } = {},
  ) => {
    const upstream = await tlsServer(t, options.pair ?? pair, ok);
    const proxy = await connectProxy(t, upstream.port, options.status === undefined ? {} : { status: options.status });
    const address = `http://user:pass-canary%21@127.0.0.1:${proxy.port}`;
    const http = open({
      origin: `https://${host}`,
      env: { HTTPS_PROXY: address, ...options.env },
      ...(options.ca !== false && { caFile: pair.certFile }),
    });
    return { upstream, proxy, http };
  };

  await t.test('a certificate nobody vouches for is refused before a byte of the request is sent', async (t) => {
    const server = await tlsServer(t, pair, ok);
    const failure = await failureOf(open({ origin: server.origin }).request(get, limits));
    assert.deepEqual([failure.kind, failure.sent, failure.retryable], ['network', 'no', false]);
    assert.match(failure.next ?? '', /--ca-file/);
    assert.equal(server.seen.length, 0);
  });

  await t.test('an extra certificate authority makes it trusted', async (t) => {
    const server = await tlsServer(t, pair, ok);
    assert.equal((await open({ origin: server.origin, caFile: pair.certFile }).request(get, limits)).status, 200);
  });

  await t.test('a certificate for another name is refused although its authority is trusted', async (t) => {
    const other = keyPair(t, ['other.test']);
    assert.ok(other);
    const { http, upstream } = await behindProxy({ pair: { ...other } });
    const failure = await failureOf(http.request(get, limits));
    assert.deepEqual([failure.kind, failure.sent, failure.retryable], ['network', 'no', false]);
    assert.equal(upstream.seen.length, 0);
  });

  await t.test('NODE_TLS_REJECT_UNAUTHORIZED in the configured environment switches nothing off', async (t) => {
    const server = await tlsServer(t, pair, ok);
    const http = open({ origin: server.origin, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    assert.equal((await failureOf(http.request(get, limits))).kind, 'network');
  });

  await t.test('a server that speaks no TLS is a TLS failure', async (t) => {
    const server = await httpServer(t, (_, res) => res.end());
    const failure = await failureOf(open({ origin: server.origin.replace('http:', 'https:') }).request(get, limits));
    assert.deepEqual([failure.kind, failure.retryable], ['network', false]);
    assert.equal(server.seen.length, 0);
  });

  await t.test('HTTPS_PROXY is used by CONNECT, with its credentials, which the upstream does not see', async () => {
    const { http, upstream, proxy } = await behindProxy();
    assert.equal((await http.request(get, limits)).text, '{"ok":true}');
    const [seen] = proxy.seen;
    assert.deepEqual([seen?.method, seen?.url], ['CONNECT', `${host}:443`]);
    assert.equal(seen?.headers['proxy-authorization'], `Basic ${Buffer.from('user:pass-canary!').toString('base64')}`);
    assert.equal(seen?.headers.authorization, undefined, 'the proxy does not see the token');
    assert.equal(upstream.seen[0]?.headers['proxy-authorization'], undefined);
    assert.equal(upstream.seen[0]?.headers.authorization, 'Bearer canary-token');
  });

  await t.test('the proxy may be written in lower case and without a scheme', async (t) => {
    for (const name of ['https_proxy', 'HTTPS_PROXY']) {
      const upstream = await tlsServer(t, pair, ok);
      const proxy = await connectProxy(t, upstream.port);
      const http = open({
        origin: `https://${host}`,
        env: { [name]: `127.0.0.1:${proxy.port}` },
        caFile: pair.certFile,
      });
      assert.equal((await http.request(get, limits)).status, 200);
      assert.equal(proxy.seen.length, 1);
    }
  });

  await t.test('NO_PROXY leads past the proxy', async () => {
    for (const NO_PROXY of [host, '.databricks.test', 'a.test, accounts.databricks.test', '*']) {
      const { http, proxy } = await behindProxy({ env: { NO_PROXY } });
      // The host has no address, so the direct way ends there.
      await failureOf(http.request(get, { ...limits, attempt: 4_000 }));
      assert.equal(proxy.connections, 0, NO_PROXY);
    }
    for (const NO_PROXY of ['other.test', 'evil-accounts.databricks.test', '']) {
      const { http, proxy } = await behindProxy({ env: { NO_PROXY } });
      assert.equal((await http.request(get, limits)).status, 200);
      assert.equal(proxy.connections, 1, NO_PROXY);
    }
  });

  await t.test('a proxy does not make a strange certificate trusted', async () => {
    const { http, upstream } = await behindProxy({ ca: false });
    const failure = await failureOf(http.request(get, limits));
    assert.deepEqual([failure.kind, failure.sent, failure.retryable], ['network', 'no', false]);
    assert.equal(upstream.seen.length, 0);
  });

  for (const [status, code, retryable] of [
    [407, 'PROXY_AUTHENTICATION', false],
    [403, 'PROXY_REFUSED', false],
    [502, 'PROXY_REFUSED', true],
  ] as const) {
    await t.test(`a proxy that answers ${status} is explained, without its password`, async () => {
      const { http, upstream } = await behindProxy({ status });
      const error = await errorOf(http.request(get, limits));
      const { failure } = error;
      assert.deepEqual(
        [failure.kind, failure.sent, failure.code, failure.retryable],
        ['network', 'no', code, retryable],
      );
      assert.match(failure.next ?? '', /HTTPS_PROXY/);
      assert.equal(upstream.connections, 0);
      assert.doesNotMatch(
        inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error),
        /pass-canary|cGFzcy|canary-token/,
      );
    });
  }

  await t.test('a proxy that is down was certainly not sent through', async () => {
    const http = open({ origin: `https://${host}`, env: { HTTPS_PROXY: 'http://user:pass-canary@127.0.0.1:1' } });
    const error = await errorOf(http.request(get, limits));
    assert.deepEqual([error.failure.kind, error.failure.sent], ['network', 'no']);
    assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /pass-canary/);
  });

  await t.test('an address that is no proxy is a matter of configuration, and is not quoted', async () => {
    for (const HTTPS_PROXY of [
      'http://u:pass-canary @x y',
      'http://u:pass-canary%zz@h:1',
      'ftp://u:pass-canary@h',
      'http://u:pass-canary@h:99999',
    ]) {
      const http = open({ origin: `https://${host}`, env: { HTTPS_PROXY } });
      const error = await errorOf(http.request(get, limits));
      assert.deepEqual(
        [error.failure.kind, error.failure.sent, error.failure.retryable],
        ['configuration', 'no', false],
        HTTPS_PROXY,
      );
      assert.match(error.message, /HTTPS_PROXY/);
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /pass-canary/);
    }
  });

  await t.test('a CA file that is gone or holds no certificate is told, and nothing is sent', async (t) => {
    const server = await tlsServer(t, pair, ok);
    for (const caFile of ['/nowhere/ca.pem', temporaryFile(t, 'no certificate')]) {
      const failure = await failureOf(open({ origin: server.origin, caFile }).request(get, limits));
      assert.equal(failure.sent, 'no', `${caFile} ${failure.kind} ${failure.code}`);
      assert.equal(failure.retryable, false);
    }
    assert.equal(server.seen.length, 0);
  });
});
