/** What the front lets near the doors: right Host, invited Origin, JSON, one request at a time. */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { test } from 'node:test';
import { keyPair } from '../databricks/servers.js';
import { message, post, raw, requestText, stage, token } from './stage.js';

const routes = ['GET /mcp', 'POST /mcp', 'GET /sse', 'POST /messages', 'GET /livez', 'GET /readyz', 'GET /nowhere'];
const authorized = `Authorization: Bearer ${token}`;

// S108
const strangeHosts: readonly (readonly string[])[] = [
  ['Host: evil.com'],
  ['Host: 127.0.0.1.nip.io'],
  ['Host: localhost.'],
  ['Host: localhost'],
  ['Host: 127.0.0.1:1'],
  ['Host: [::1%25lo]'],
  ['Host: 0.0.0.0'],
  ['Host: mcp.example.com.evil.com'],
  ['Host: evil.com@127.0.0.1'],
  ['Host: mcp.example.com:8080'],
  ['Host:'],
  [],
  ['Host: mcp.example.com', 'Host: evil.com'],
  ['Host: mcp.example.com', 'Host: mcp.example.com'],
];

test('a Host the server does not know, none, or two is refused on every route', async (t) => {
  const { port, arrivals } = await stage(t);
  for (const hosts of strangeHosts) {
    for (const route of routes) {
      const { status } = await raw(port, requestText(`${route} HTTP/1.1`, [...hosts, authorized]));
      assert.ok(status === 403 || status === 400, `${route} ${hosts.join(' + ')}: ${status}`);
    }
  }
  assert.equal(arrivals.length, 0);
});

test('every Host that means this server is answered', async (t) => {
  const { port } = await stage(t);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, 'mcp.example.com']) {
    const { status } = await raw(port, requestText('GET /livez HTTP/1.1', [`Host: ${host}`]));
    assert.equal(status, 200, host);
  }
});

// S109
test('an Origin nobody invited is refused on every route', async (t) => {
  const { port, host, arrivals } = await stage(t, { origins: ['https://app.example.com'] });
  const origins = [
    'https://evil.com',
    'null',
    'http://localhost:3000',
    'HTTPS://APP.EXAMPLE.COM',
    'https://app.example.com.evil.com',
    '',
  ];
  for (const origin of origins) {
    for (const route of routes) {
      const head = [`Host: ${host}`, `Origin: ${origin}`, authorized];
      assert.equal((await raw(port, requestText(`${route} HTTP/1.1`, head))).status, 403, `${route} ${origin}`);
    }
  }
  assert.equal(arrivals.length, 0);
});

test('without an allow-list any Origin is refused, the own one too', async (t) => {
  const { port, host } = await stage(t);
  const { status } = await raw(port, requestText('GET /livez HTTP/1.1', [`Host: ${host}`, `Origin: http://${host}`]));
  assert.equal(status, 403);
});

test('an invited Origin is answered by name, never by a wildcard', async (t) => {
  const front = await stage(t, { origins: ['https://app.example.com'] });
  const answer = await post(front, message('tools/list'), { origin: 'https://app.example.com' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.example.com');
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  const asked = await raw(
    front.port,
    requestText('OPTIONS /mcp HTTP/1.1', [`Host: ${front.host}`, 'Origin: https://app.example.com']),
  );
  assert.equal(asked.status, 204);
  assert.match(asked.text, /access-control-allow-origin: https:\/\/app\.example\.com\r\n/);
});

// S110
test('what a web page can send without asking never reaches the doors', async (t) => {
  const { port, host, arrivals } = await stage(t);
  const body = message('tools/call', { name: 'remove' });
  const length = `Content-Length: ${body.length}`;
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/json; charset=utf-16',
  ];
  for (const type of types) {
    const head = [`Host: ${host}`, authorized, `Content-Type: ${type}`, length];
    assert.equal((await raw(port, requestText('POST /mcp HTTP/1.1', head, body))).status, 415, type);
  }
  const none = [`Host: ${host}`, authorized, length];
  assert.equal((await raw(port, requestText('POST /mcp HTTP/1.1', none, body))).status, 415);
  const foreign = [`Host: ${host}`, authorized, 'Sec-Fetch-Site: cross-site'];
  assert.equal((await raw(port, requestText('GET /mcp HTTP/1.1', foreign))).status, 403);
  assert.equal(arrivals.length, 0);
});

test('a body that is packed is refused', async (t) => {
  const answer = await post(await stage(t), 'x', { 'content-encoding': 'gzip' });
  assert.equal(answer.status, 415);
});

test('unknown addresses and methods are refused, and say what there is', async (t) => {
  const { port, host } = await stage(t);
  const ask = (line: string) => raw(port, requestText(`${line} HTTP/1.1`, [`Host: ${host}`, authorized]));
  assert.equal((await ask('GET /')).status, 404);
  assert.equal((await ask('GET /mcp/')).status, 404);
  assert.equal((await ask('GET /foo/mcp')).status, 404);
  assert.equal((await ask('GET /x/%22/mcp')).status, 404);
  const put = await ask('PUT /mcp');
  assert.equal(put.status, 405);
  assert.match(put.text, /allow: POST, GET, DELETE/);
  assert.equal((await ask('TRACE /mcp')).status, 405);
  assert.equal((await ask(`GET http://${host}/livez`)).status, 400);
});

// S126
test('ambiguous framing gets one 400 and the connection is closed', async (t) => {
  const { port, host, arrivals } = await stage(t);
  const rest = ['', ''].join('\r\n');
  const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\n${authorized}\r\nContent-Type: application/json\r\n`;
  const smuggled = `GET /livez HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const set: Readonly<Record<string, string>> = {
    'CL.TE': `${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'TE.CL': `${head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${smuggled}0\r\n\r\n`,
    'two lengths': `${head}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}${smuggled}`,
    'length list': `${head}Content-Length: 2, 2\r\n\r\n{}${smuggled}`,
    'negative length': `${head}Content-Length: -1\r\n\r\n${smuggled}`,
    'length with plus': `${head}Content-Length: +2\r\n\r\n{}${smuggled}`,
    'length in hex': `${head}Content-Length: 0x2\r\n\r\n{}${smuggled}`,
    'length too long': `${head}Content-Length: 99999999999999999999\r\n\r\n{}${smuggled}`,
    'space before colon': `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'unknown coding': `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    'chunked twice': `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    'odd chunked': `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'bare LF': `${head.replaceAll('\r\n', '\n')}Content-Length: 2\n\n{}${smuggled}`,
    'bare CR': `POST /mcp HTTP/1.1\r\nHost: ${host}\rContent-Length: 2\r\n\r\n{}${smuggled}`,
    'obsolete fold': `${head}X-Fold: a\r\n b\r\nContent-Length: 2\r\n\r\n`.replace('X-Fold', 'Transfer-Encoding'),
    'NUL in a header': `${head}X-Nul: a\u0000b\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'CR in a header': `${head}X-Cr: a\rb\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'space in a name': `${head}X Y: a\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'bad chunk size': `${head}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${smuggled}`,
    'chunk longer than said': `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n${smuggled}`,
    'other protocol': `POST /mcp HTTP/1.7\r\nHost: ${host}\r\n${rest}${smuggled}`,
    'no colon': `${head}Content-Length\r\n\r\n${smuggled}`,
  };
  for (const [name, bytes] of Object.entries(set)) {
    const { status, answers, text } = await raw(port, bytes);
    assert.equal(status, 400, `${name}: ${text}`);
    assert.equal(answers, 1, name);
  }
  assert.equal(arrivals.length, 0);
});

// S115
test('the doors see neither credentials nor headers that are not of MCP', async (t) => {
  const front = await stage(t);
  const answer = await post(front, message('tools/list'), {
    'x-databricks-token': 'dapi',
    'x-databricks-host': 'evil.com',
    cookie: 'a=b',
    forwarded: 'for=1.2.3.4',
    'mcp-protocol-version': '2026-07-28',
  });
  assert.equal(answer.status, 200);
  const [arrival] = front.arrivals;
  const names = Object.keys(arrival?.headers ?? {}).sort();
  const known = ['accept', 'content-type', 'mcp-protocol-version', 'user-agent', 'x-request-id'];
  assert.deepEqual(names, known);
});

test('every answer forbids to store and to guess, and names the request', async (t) => {
  const front = await stage(t);
  const own = await post(front, message('tools/list'), { 'x-request-id': 'my-request-17' });
  assert.equal(own.headers.get('cache-control'), 'no-store');
  assert.equal(own.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(own.headers.get('x-request-id'), 'my-request-17');
  const odd = await post(front, message('tools/list'), { 'x-request-id': 'a b"' });
  assert.match(odd.headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/);
  assert.deepEqual(
    front.lines.filter(({ event }) => event === 'http').map(({ facts }) => facts.request_id),
    ['my-request-17', odd.headers.get('x-request-id')],
  );
});

test('health checks need no token and tell no more than they must', async (t) => {
  let isReady = true;
  const { port } = await stage(t, { parts: { isReady: () => isReady } });
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return [answer.status, await answer.json()];
  };
  assert.deepEqual(await get('/livez'), [200, { status: 'alive' }]);
  assert.deepEqual(await get('/readyz'), [200, { status: 'ready' }]);
  isReady = false;
  assert.deepEqual(await get('/readyz'), [503, { status: 'not configured' }]);
});

test('pins narrow by address and by header, and what is not understood is refused', async (t) => {
  const front = await stage(t);
  const pinsOf = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await post(front, message('tools/list'), headers, path);
    return answer.status === 200 ? front.arrivals.at(-1)?.pins : answer.status;
  };
  assert.deepEqual(await pinsOf('/mcp'), {});
  assert.deepEqual(await pinsOf('/readonly/mcp', { 'x-databricks-mcp-readonly': 'false' }), { readOnly: true });
  assert.deepEqual(await pinsOf('/x/users,groups/readonly/mcp', { 'x-databricks-mcp-areas': 'users' }), {
    readOnly: true,
    areas: ['users'],
  });
  assert.deepEqual(await pinsOf('/search/mcp'), { search: true });
  assert.deepEqual(await pinsOf('/readonly/search/mcp', { 'x-databricks-mcp-tools': 'all' }), {
    search: true,
    readOnly: true,
  });
  assert.deepEqual(await pinsOf('/mcp', { 'x-databricks-mcp-tools': 'search' }), { search: true });
  assert.equal(await pinsOf('/mcp', { 'x-databricks-mcp-tools': 'some' }), 400);
  assert.deepEqual(await pinsOf('/x/identity/mcp'), { areas: ['groups'] });
  assert.deepEqual(await pinsOf('/x/read-only/mcp'), { readOnly: true });
  assert.deepEqual(await pinsOf('/x/identity/mcp', { 'x-databricks-mcp-areas': 'users' }), { areas: [] });
  assert.equal(await pinsOf('/x/userz/mcp'), 400);
  assert.equal(await pinsOf('/x/mcp'), 400);
  assert.equal(await pinsOf('/mcp', { 'x-databricks-mcp-readonly': 'yes please' }), 400);
  assert.equal(await pinsOf('/mcp', { 'x-databricks-mcp-areas': 'x' }), 400);
});

test('over TLS the same rules hold, and without TLS nothing is answered there', async (t) => {
  const tls = keyPair(t, ['mcp.example.com']);
  assert.ok(tls, 'openssl is needed');
  const { port } = await stage(t, { parts: { tls }, limits: { connectionsPerAddress: 1 } });
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const body = message('tools/list');
      const headers = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const options = { host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers, ca: tls.cert, agent: false };
      request({ ...options, servername: 'mcp.example.com' }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end(body);
    });
  assert.equal(await ask('mcp.example.com'), 200);
  assert.equal(await ask('evil.com'), 403);
  assert.equal((await raw(port, requestText('GET /livez HTTP/1.1', ['Host: mcp.example.com']))).status, 0);
});

test('a header counts however many stand before it', async (t) => {
  const { port, host, arrivals } = await stage(t);
  // As short as headers can be: more than Node's own bound on their number.
  const many = Array.from({ length: 2_100 }, () => 'a:');
  const get = (path: string, late: string) =>
    raw(port, requestText(`GET ${path} HTTP/1.1`, [`Host: ${host}`, authorized, ...many, late]));
  assert.equal((await get('/livez', 'Host: evil.com')).status, 400);
  assert.equal((await get('/livez', 'Origin: https://evil.com')).status, 403);
  assert.equal((await get('/mcp', 'Authorization: Bearer another')).status, 401);
  assert.equal((await get('/mcp', 'X-Databricks-Mcp-Readonly: true')).status, 200);
  assert.deepEqual(
    arrivals.map(({ pins }) => pins),
    [{ readOnly: true }],
  );
});
