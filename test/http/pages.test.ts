/** What the front lets near the pages, and what of other web sites it keeps out; MCP stays as closed as it was. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Pages } from '../../src/http/pages.js';
import { raw, requestText, type StageOptions, stage, token } from './stage.js';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A front whose pages say what reached them. */
async function setUp(t: TestContext, answer?: () => Response, options: StageOptions = {}) {
  const asked: Asked[] = [];
  const pages: Pages = {
    async fetch(request) {
      const { method, url, headers } = request;
      asked.push({ method, url, headers: Object.fromEntries(headers), body: await request.text() });
      return answer?.() ?? new Response('<p>hello', { headers: { 'content-type': 'text/html' } });
    },
  };
  const served = await stage(t, { ...options, parts: { pages, ...options.parts } });
  const { port, host } = served;
  const send = async (head: string, headers: readonly string[], body = '') => {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const sent = [...headers.filter((each) => each !== ''), ...length];
    const named = sent.some((each) => /^host:/i.test(each)) ? sent : [`Host: ${host}`, ...sent];
    return raw(port, requestText(`${head} HTTP/1.1`, named, body));
  };
  return { ...served, asked, send };
}

const form = 'Content-Type: application/x-www-form-urlencoded';

test('without pages there is nothing at their addresses', async (t) => {
  const { port } = await stage(t);
  for (const path of ['/', '/hub', '/hub/approvals']) {
    assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 404, path);
  }
});

test('without MCP there are pages and health checks alone', async (t) => {
  const pages = { fetch: async () => new Response('hello') };
  const { port } = await stage(t, { parts: { pages }, alone: true });
  const at = async (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  assert.equal((await at('/hub')).status, 200);
  assert.equal((await at('/livez')).status, 200);
  for (const path of ['/mcp', '/sse', '/messages', '/account/prod/mcp', '/readonly/mcp']) {
    assert.equal((await at(path, 'POST')).status, 404, path);
    assert.equal((await at(path)).status, 404, path);
  }
  const { status, headers } = await at('/.well-known/oauth-protected-resource/mcp');
  assert.equal(status, 404);
  assert.equal(headers.get('www-authenticate'), null);
});

test('a page comes with headers that keep scripts, frames and other sites out', async (t) => {
  const { port } = await setUp(t);
  const { status, headers } = await fetch(`http://127.0.0.1:${port}/hub`);
  assert.equal(status, 200);
  const policy = headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(part), part);
  }
  assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  assert.match(headers.get('permissions-policy') ?? '', /geolocation=\(\)/);
  // With no-referrer browsers would send forms with `Origin: null`.
  assert.equal(headers.get('referrer-policy'), 'same-origin');
  assert.equal(headers.get('access-control-allow-origin'), null);
});

test('a page sets cookies, moves on and says how long it keeps; other headers of its own it cannot set', async (t) => {
  const { port } = await setUp(t, () => {
    const headers = new Headers({ location: '/hub/x', 'cache-control': 'public, max-age=60', server: 'x' });
    headers.set('content-security-policy', 'default-src *');
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    return new Response(null, { status: 303, headers });
  });
  const { status, headers } = await fetch(`http://127.0.0.1:${port}/hub`, { redirect: 'manual' });
  assert.equal(status, 303);
  assert.equal(headers.get('location'), '/hub/x');
  assert.equal(headers.get('cache-control'), 'public, max-age=60');
  assert.deepEqual(headers.getSetCookie(), ['a=1', 'b=2']);
  assert.equal(headers.get('server'), null);
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
});

test('the pages see the whole address and the cookie, and no credentials of MCP', async (t) => {
  const { asked, send, host } = await setUp(t);
  await send('GET //evil.example/hub', []);
  assert.equal((await send('GET /hub/x?a=1&b=%20', ['Cookie: s=1', `Authorization: Bearer ${token}`])).status, 200);
  assert.deepEqual(
    asked.map(({ url }) => url),
    [`http://${host}/hub/x?a=1&b=%20`],
  );
  assert.deepEqual(asked[0]?.headers, { cookie: 's=1' });
});

// S108
test('DNS rebinding: a Host the server does not know reaches no page', async (t) => {
  const { asked, send } = await setUp(t);
  for (const name of ['evil.com', 'localhost.', '127.0.0.1.nip.io', 'localhost', '127.0.0.1:1', '']) {
    for (const head of ['GET /hub', 'POST /hub/sign-out', 'GET /']) {
      const { status } = await send(head, [`Host: ${name}`, `Origin: http://${name}`, form]);
      assert.ok(status === 403 || status === 400, `${head} ${name}: ${status}`);
    }
  }
  assert.equal((await send('GET /hub', ['Host: evil.com', 'Host: localhost'])).status, 400);
  assert.deepEqual(asked, []);
});

test('a link on another site opens a page; whatever else other sites ask for is refused', async (t) => {
  const { asked, send } = await setUp(t);
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
  for (const site of ['cross-site', 'same-site', 'none', 'same-origin']) {
    assert.equal((await send('GET /hub', [`Sec-Fetch-Site: ${site}`, ...navigation])).status, 200, site);
  }
  assert.equal(asked.length, 4);
  for (const site of ['cross-site', 'same-site']) {
    for (const rest of [
      ['Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'],
      ['Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: script'],
      ['Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'],
      ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
      ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: object'],
      ['Sec-Fetch-Mode: navigate'],
      [],
    ]) {
      assert.equal((await send('GET /hub', [`Sec-Fetch-Site: ${site}`, ...rest])).status, 403, rest.join());
    }
  }
  assert.equal(asked.length, 4);
});

// S110
test('CSRF: a form is taken from the pages of this very server and from nowhere else', async (t) => {
  const { asked, send, port, host } = await setUp(t, undefined, { origins: ['https://app.example.com'] });
  const post = (headers: readonly string[]) => send('POST /hub/approvals', [form, ...headers], 'a=1');
  assert.equal((await post([`Origin: http://${host}`])).status, 200);
  assert.equal((await post([`Origin: http://${host}`, 'Sec-Fetch-Site: same-origin'])).status, 200);
  assert.equal((await post(['Sec-Fetch-Site: same-origin'])).status, 200);
  assert.equal((await post([`Host: localhost:${port}`, `Origin: http://localhost:${port}`])).status, 200);
  assert.deepEqual(
    asked.map(({ body }) => body),
    ['a=1', 'a=1', 'a=1', 'a=1'],
  );
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
  for (const headers of [
    [],
    ['Origin: null'],
    ['Origin: '],
    ['Origin: https://evil.com'],
    // Invited to MCP, not to the pages.
    ['Origin: https://app.example.com'],
    [`Origin: https://${host}`],
    [`Origin: http://127.0.0.1:${port + 1}`],
    // Own names, and yet another origin.
    [`Origin: http://localhost:${port}`],
    [`Origin: HTTP://${host}`],
    [`Origin: http://${host}/`],
    [`Origin: http://${host}`, 'Origin: https://evil.com'],
    [`Origin: http://${host}`, 'Sec-Fetch-Site: cross-site', ...navigation],
    ['Sec-Fetch-Site: same-site', ...navigation],
    ['Sec-Fetch-Site: cross-site', ...navigation],
    ['Sec-Fetch-Site: none', ...navigation],
  ]) {
    const { status, text } = await post(headers);
    assert.equal(status, 403, headers.join());
    assert.ok(!/access-control-allow/i.test(text));
  }
  assert.equal(asked.length, 4);
});

test('a form is urlencoded, whole and of a bounded size', async (t) => {
  const { asked, send, host } = await setUp(t);
  const own = `Origin: http://${host}`;
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json', '']) {
    assert.equal((await send('POST /hub/x', [own, `Content-Type: ${type}`], 'a=1')).status, 415, type);
  }
  assert.equal((await send('POST /hub/x', [own], 'a=1')).status, 415);
  assert.equal((await send('POST /hub/x', [own, form, 'Content-Encoding: gzip'], 'a=1')).status, 415);
  assert.equal((await send('POST /hub/x', [own, form], `a=${'x'.repeat(64 * 1024)}`)).status, 413);
  assert.equal((await send('GET /hub/x', [], 'a=1')).status, 400);
  assert.equal((await send('PUT /hub/x', [own, form], 'a=1')).status, 405);
  assert.equal((await send('OPTIONS /hub/x', [own])).status, 405);
  assert.deepEqual(asked, []);
  assert.equal((await send('POST /hub/x', [own, `${form}; charset=UTF-8`], 'a=1')).status, 200);
});

test('MCP hears nothing of the own origin: a page of this server cannot call it', async (t) => {
  const { arrivals, send, host } = await setUp(t);
  const own = [`Origin: http://${host}`, `Authorization: Bearer ${token}`];
  for (const head of ['POST /mcp', 'GET /mcp', 'GET /sse', 'POST /messages', 'GET /livez', 'OPTIONS /mcp']) {
    assert.equal((await send(head, own)).status, 403, head);
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    assert.equal((await send(head, link)).status, 403, head);
  }
  assert.deepEqual(arrivals, []);
});

test('an address that asks for more than people do has to wait, and a person reads why', async (t) => {
  let now = 0;
  const { send } = await setUp(t, undefined, { parts: { now: () => now } });
  let last = await send('GET /hub', []);
  for (let count = 0; count < 200 && last.status === 200; count += 1) last = await send('GET /hub', []);
  assert.equal(last.status, 429);
  assert.match(last.text, /retry-after: \d/i);
  assert.match(last.text, /content-type: text\/plain[\s\S]*\n\r?\nToo many requests/i);
  now += 60_000;
  assert.equal((await send('GET /hub', [])).status, 200);
});

test('pages that fail say nothing of why', async (t) => {
  const { send, lines } = await setUp(t, () => {
    throw new Error('a secret reason');
  });
  const { status, text } = await send('GET /hub', []);
  assert.equal(status, 500);
  assert.ok(!text.includes('reason'));
  assert.equal(lines.find(({ event }) => event === 'bug')?.level, 'error');
});
