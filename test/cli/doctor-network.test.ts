/** The way to the host as `doctor` walks it: each thing that can be wrong with it made for real, on this machine. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkNetwork, type Journey } from '../../src/cli/doctor/network.js';
import { ActionError } from '../../src/core/errors.js';
import { startSandbox } from '../../src/sandbox/index.js';
import {
  accountId,
  connectProxy,
  httpServer,
  type KeyPair,
  keyPair,
  temporaryDirectory,
  tlsServer,
} from '../databricks/servers.js';

const name = 'accounts.databricks.test';
const nowhere = 'https://accounts.databricks.invalid';
const well = (_: unknown, res: { end(text: string): void }) => res.end('{}');

async function walk(host: string, over: Partial<Journey> = {}) {
  const steps: string[] = [];
  const arrival = await checkNetwork({
    host,
    source: 'flag --host',
    accountId,
    caFile: undefined,
    env: {},
    signal: new AbortController().signal,
    milliseconds: 5_000,
    now: Date.now,
    onStep: (what) => steps.push(what),
    ...over,
  });
  const of = (check: string) => arrival.findings.find((finding) => finding.check === check);
  const levels = arrival.findings.map(({ check, level }) => `${check} ${level}`);
  return { ...arrival, of, levels, steps, text: JSON.stringify(arrival.findings) };
}

test('a host that DNS does not know ends the walk, and says so of every step left', async () => {
  const { of, levels, reached } = await walk(nowhere);
  assert.equal(reached, false);
  assert.deepEqual(levels, ['proxy ok', 'dns fail', 'reach skip', 'tls skip', 'answer skip', 'clock skip']);
  // Without any DNS server at hand it is EAI_AGAIN.
  assert.match(of('dns')?.message ?? '', /ENOTFOUND|EAI_AGAIN|ETIMEDOUT/);
  assert.match(of('dns')?.fix ?? '', /VPN/);
  assert.equal(of('dns')?.kind, 'network');
});

test('a port where nobody listens is told with its error and who named the host', async () => {
  const { of, levels } = await walk('https://127.0.0.1:1');
  assert.deepEqual(levels, ['proxy ok', 'dns ok', 'reach fail', 'tls skip', 'answer skip', 'clock skip']);
  assert.match(of('reach')?.message ?? '', /127\.0\.0\.1:1 cannot be connected to \(ECONNREFUSED\)/);
  assert.match(of('reach')?.fix ?? '', /\(flag --host\)/);
});

test('a host that takes the connection and says nothing is not waited for', async (t) => {
  const port = await listening(t, createServer());
  const { of, levels } = await walk(`https://127.0.0.1:${port}`, { milliseconds: 100 });
  assert.deepEqual(levels.slice(-3), ['tls fail', 'answer skip', 'clock skip']);
  assert.match(of('tls')?.message ?? '', /before a certificate came \(ETIMEDOUT\)/);
});

test('a walk that is cancelled ends at once and is no finding', async (t) => {
  const port = await listening(t, createServer());
  const cancel = new AbortController();
  const onStep = (what: string) => {
    if (what.startsWith('Making a TLS')) setImmediate(() => cancel.abort());
  };
  const walked = walk(`https://127.0.0.1:${port}`, { milliseconds: 60_000, signal: cancel.signal, onStep });
  await assert.rejects(walked, (error) => error instanceof ActionError && error.failure.kind === 'cancelled');
});

test('this machine itself is reached by http, past any proxy, and no credentials are sent', async (t) => {
  const server = await httpServer(t, well);
  const { levels, of, reached } = await walk(server.origin, { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
  assert.ok(reached);
  assert.deepEqual(levels, ['proxy ok', 'dns ok', 'reach ok', 'tls ok', 'answer ok', 'clock ok']);
  assert.match(of('proxy')?.message ?? '', /not used for this machine itself/);
  assert.equal(server.seen[0]?.url, `/oidc/accounts/${accountId}/.well-known/oauth-authorization-server`);
  assert.equal(server.seen[0]?.headers.authorization, undefined);
});

test('a host that shows a login page is no account host', async (t) => {
  const server = await httpServer(t, (_, res) =>
    res.setHeader('content-type', 'text/html').end('<html>Sign in</html>'),
  );
  const { of, reached } = await walk(server.origin);
  assert.equal(reached, false);
  assert.match(of('answer')?.message ?? '', /login page/);
  assert.equal(of('clock')?.level, 'skip');
});

for (const [off, words] of [
  [-2, /2 hours ahead of that of the host/],
  [3, /3 hours behind that of the host/],
  [-72, /3 days ahead/],
] as const) {
  test(`a clock that is off by ${-off} hours is a warning with what comes of it`, async (t) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.close());
    sandbox.addFault({ pattern: 'GET *', action: 'clock_skew', skewMs: off * 3_600_000 });
    const { of, reached } = await walk(sandbox.url);
    assert.ok(reached, 'it keeps nothing from working');
    assert.equal(of('clock')?.level, 'warn');
    assert.match(of('clock')?.message ?? '', words);
    assert.match(of('clock')?.message ?? '', /journal.*tokens/);
  });
}

test('a clock that is off by less than a minute is fine', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  sandbox.addFault({ pattern: 'GET *', action: 'clock_skew', skewMs: -40_000 });
  assert.equal((await walk(sandbox.url)).of('clock')?.level, 'ok');
});

test('TLS', async (t) => {
  const pair = keyPair(t, [name, 'localhost']);
  if (pair === undefined) return t.skip('openssl is not installed');

  await t.test('a certificate nobody vouches for is told with its issuer and the flag that trusts it', async (t) => {
    const server = await tlsServer(t, pair, well);
    const { of, reached, levels } = await walk(server.origin);
    assert.equal(reached, false);
    assert.deepEqual(levels.slice(-3), ['tls fail', 'answer skip', 'clock skip']);
    assert.match(of('tls')?.message ?? '', /vouched for by "Test only", which this machine does not trust/);
    assert.match(of('tls')?.fix ?? '', /--ca-file or NODE_EXTRA_CA_CERTS/);
    assert.equal(server.seen.length, 0, 'nothing was sent');
  });

  await t.test('one that an authority of the operator vouches for is fine, and said to be so', async (t) => {
    const server = await tlsServer(t, pair, well);
    const { of, reached } = await walk(server.origin, { caFile: pair.certFile });
    assert.ok(reached);
    assert.match(of('tls')?.message ?? '', /^TLSv1\.3, vouched for by "Test only", an authority added on this machine/);
  });

  await t.test('one that ends soon is a warning', async (t) => {
    const server = await tlsServer(t, pair, well);
    const now = () => Date.now() + 28 * 24 * 3_600_000;
    const { of } = await walk(server.origin, { caFile: pair.certFile, now });
    assert.equal(of('tls')?.level, 'warn');
  });

  await t.test('one that has ended is told with its date', async (t) => {
    const expired = expiredPair(t);
    const server = await tlsServer(t, expired, well);
    const { of } = await walk(server.origin, { caFile: expired.certFile });
    assert.match(of('tls')?.message ?? '', /ended on 2020-02-01 \(CERT_HAS_EXPIRED\)/);
    assert.match(of('tls')?.fix ?? '', /by the clock of this machine/);
  });

  await t.test('one for another host is told with the names it has', async (t) => {
    const other = keyPair(t, ['other.test']);
    assert.ok(other);
    const server = await tlsServer(t, other, well);
    const { of } = await walk(`https://localhost:${server.port}`, { caFile: other.certFile });
    assert.match(of('tls')?.message ?? '', /for another host: DNS:other\.test/);
  });

  await t.test('a host that speaks no TLS is told without a certificate', async (t) => {
    const server = await httpServer(t, well);
    const { of } = await walk(server.origin.replace('http:', 'https:'));
    assert.match(of('tls')?.message ?? '', /before a certificate came/);
  });

  await t.test('a proxy that leads to the host is followed, its password hidden, DNS left to it', async (t) => {
    const server = await tlsServer(t, pair, well);
    const proxy = await connectProxy(t, server.port);
    const env = { HTTPS_PROXY: `http://ana:pass-canary@127.0.0.1:${proxy.port}` };
    const { of, levels, reached, text } = await walk(`https://${name}`, { env, caFile: pair.certFile });
    assert.ok(reached, text);
    assert.deepEqual(levels, ['proxy ok', 'dns skip', 'tls ok', 'answer ok', 'clock ok']);
    assert.match(of('proxy')?.message ?? '', /^http:\/\/ana:\*\*\*@127\.0\.0\.1:\d+ \(HTTPS_PROXY\) leads to/);
    assert.doesNotMatch(text, /pass-canary/);
  });

  await t.test('a proxy that puts its own certificate in place of the host is told by its issuer', async (t) => {
    const server = await tlsServer(t, pair, well);
    const proxy = await connectProxy(t, server.port);
    const { of } = await walk(`https://${name}`, { env: { HTTPS_PROXY: `127.0.0.1:${proxy.port}` } });
    assert.match(of('tls')?.message ?? '', /"Test only", which this machine does not trust/);
  });
});

for (const [status, words, fix] of [
  [407, /wants to know who asks \(407\)/, /user and password/],
  [403, /refuses to lead to the host \(403\)/, /whoever runs it/],
] as const) {
  test(`a proxy that answers ${status} is told as such, and nothing behind it is tried`, async (t) => {
    const proxy = await connectProxy(t, 1, { status });
    const env = { https_proxy: `http://ana:pass-canary@127.0.0.1:${proxy.port}` };
    const { of, levels, text } = await walk(nowhere, { env });
    assert.deepEqual(levels, ['proxy fail', 'dns skip', 'reach skip', 'tls skip', 'answer skip', 'clock skip']);
    assert.match(of('proxy')?.message ?? '', words);
    assert.match(of('proxy')?.fix ?? '', fix);
    assert.doesNotMatch(text, /pass-canary/);
  });
}

test('a proxy that is down, unknown to DNS or no address at all is told without its password', async () => {
  for (const [HTTPS_PROXY, words] of [
    ['http://ana:pass-canary@127.0.0.1:1', /cannot be reached \(ECONNREFUSED\)/],
    ['http://ana:pass-canary@proxy.invalid:3128', /cannot be reached \((ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\)/],
    ['http://ana:pass-canary @x y', /is not the address of a proxy/],
  ] as const) {
    const { of, text, reached } = await walk(nowhere, { env: { HTTPS_PROXY } });
    assert.equal(reached, false);
    assert.match(of('proxy')?.message ?? '', words);
    assert.doesNotMatch(text, /pass-canary/);
  }
});

test('NO_PROXY leads past the proxy, and a proxy for plain http is of no use', async (t) => {
  const proxy = await connectProxy(t, 1, { status: 403 });
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '.databricks.invalid' };
  const { of, levels } = await walk(nowhere, { env });
  assert.match(of('proxy')?.message ?? '', /NO_PROXY lists this host/);
  assert.deepEqual(levels.slice(0, 2), ['proxy ok', 'dns fail']);
  assert.equal(proxy.connections, 0);
  assert.equal((await walk(nowhere, { env: { HTTP_PROXY: 'http://127.0.0.1:1' } })).of('proxy')?.level, 'warn');
});

function listening(t: TestContext, server: Server): Promise<number> {
  t.after(() => server.close());
  server.on('connection', (socket) => t.after(() => socket.destroy()));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** `openssl req` knows no dates, and -days no past. */
function expiredPair(t: TestContext): KeyPair {
  const directory = temporaryDirectory(t);
  const file = (base: string) => join(directory, base);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore', cwd: directory });
  writeFileSync(file('index.txt'), '');
  writeFileSync(
    file('ca.cnf'),
    [
      '[ca]',
      'default_ca = it',
      '[it]',
      'database = index.txt',
      'new_certs_dir = .',
      'default_md = sha256',
      'policy = any',
      'rand_serial = yes',
      'x509_extensions = ext',
      '[any]',
      'commonName = supplied',
      '[ext]',
      'subjectAltName = IP:127.0.0.1',
    ].join('\n'),
  );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Test only', '-keyout', 'key.pem', '-out', 'req.pem');
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  openssl(
    'ca',
    '-config',
    'ca.cnf',
    '-batch',
    '-selfsign',
    '-keyfile',
    'key.pem',
    '-in',
    'req.pem',
    '-out',
    'cert.pem',
    ...dates,
  );
  return {
    key: readFileSync(file('key.pem'), 'utf8'),
    cert: readFileSync(file('cert.pem'), 'utf8'),
    certFile: file('cert.pem'),
  };
}
