/** One request, one bounded answer: against real servers that misbehave. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttp, type Limits } from '../../src/databricks/http.js';
import { errorOf, failureOf, httpServer, type Local, rawServer, until } from './servers.js';

const limits: Limits = { firstByte: 5_000, idle: 5_000, attempt: 10_000, maxBytes: 1024 * 1024 };
const get = { method: 'GET', path: '/x', headers: {} } as const;
const post = { method: 'POST', path: '/x', headers: { 'content-type': 'application/json' }, body: '{"a":1}' } as const;

function client(t: TestContext, { origin }: Pick<Local, 'origin'>, env: Record<string, string> = {}) {
  const http = createHttp({ origin, userAgent: 'test/1', env });
  t.after(() => http.close());
  return http;
}

test('a request goes out as it was built, with the user agent', async (t) => {
  const server = await httpServer(t, (_, res) => res.writeHead(201, { 'x-a': 'b' }).end('{}'));
  const answer = await client(t, server).request({ ...post, path: '/a%2520b?c=d%20e' }, limits);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-a'], 'b');
  const [seen] = server.seen;
  assert.equal(seen?.method, 'POST');
  assert.equal(seen?.url, '/a%2520b?c=d%20e');
  assert.equal(seen?.body, '{"a":1}');
  assert.equal(seen?.headers['user-agent'], 'test/1');
  assert.equal(seen?.headers['accept-encoding'], 'gzip, deflate, br');
});

test('of a repeated header the first value counts', async (t) => {
  const server = await httpServer(t, (_, res) =>
    res
      .writeHead(
        200,
        [
          ['retry-after', '1'],
          ['retry-after', '2'],
        ].flat(),
      )
      .end(),
  );
  const { headers } = await client(t, server).request(get, limits);
  assert.equal(headers['retry-after'], '1');
});

const text = `{"words":"${'ü 😀 '.repeat(2_000)}"}`;
const encodings: Record<string, (body: string) => Buffer> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  GZip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: Buffer.from,
};

for (const [name, encode] of Object.entries(encodings)) {
  test(`an answer in ${name} is decoded`, async (t) => {
    const server = await httpServer(t, (_, res) => res.writeHead(200, { 'content-encoding': name }).end(encode(text)));
    assert.equal((await client(t, server).request(get, limits)).text, text);
  });
}

test('an empty body is empty whatever encoding it claims', async (t) => {
  for (const status of [200, 204]) {
    const server = await httpServer(t, (_, res) =>
      res.writeHead(status, { 'content-encoding': 'gzip', 'content-length': '0' }).end(),
    );
    const answer = await client(t, server).request(get, limits);
    assert.deepEqual([answer.status, answer.text], [status, '']);
  }
});

test('a byte order mark is dropped and bytes that are no UTF-8 are marked', async (t) => {
  const server = await httpServer(t, (_, res) => res.end(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x7d])));
  assert.equal((await client(t, server).request(get, limits)).text, '{\ufffd}');
});

for (const encoding of ['zstd', 'compress', 'gzip, br', 'br, gzip', '__proto__', Array(1_000).fill('gzip').join(',')]) {
  test(`an answer in ${encoding.slice(0, 20)} is refused, not passed on undecoded`, async (t) => {
    const server = await httpServer(t, (_, res) => res.writeHead(200, { 'content-encoding': encoding }).end('x'));
    const failure = await failureOf(client(t, server).request(get, limits));
    assert.deepEqual([failure.kind, failure.code, failure.sent], ['unreadable', 'BAD_ENCODING', 'maybe']);
    await until(() => server.sockets.size === 0 || server.connections === 1, 'released');
  });
}

test('an answer that is not what its encoding says is unreadable', async (t) => {
  for (const [encoding, body] of [
    ['gzip', Buffer.from('not gzip')],
    ['gzip', gzipSync(text).subarray(0, 40)],
    ['deflate', Buffer.from('not deflate')],
    ['br', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['br', brotliCompressSync(text).subarray(0, 10)],
  ] as const) {
    const server = await httpServer(t, (_, res) => res.writeHead(200, { 'content-encoding': encoding }).end(body));
    const { kind, sent } = await failureOf(client(t, server).request(get, limits));
    assert.deepEqual([kind, sent], ['unreadable', 'maybe'], encoding);
  }
});

test('a body in raw deflate, which some servers send, is at least refused cleanly', async (t) => {
  const server = await httpServer(t, (_, res) =>
    res.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync(text)),
  );
  assert.equal((await failureOf(client(t, server).request(get, limits))).kind, 'unreadable');
});

const bomb = Buffer.alloc(100 * 1024 * 1024);
for (const [name, encode] of [
  ['gzip', gzipSync],
  ['br', (body: Buffer) => brotliCompressSync(body, { params: {} })],
  ['deflate', deflateSync],
] as const) {
  test(`a bomb in ${name} is cut off at the cap, in bounded memory`, async (t) => {
    const packed = encode(name === 'br' ? bomb.subarray(0, 20 * 1024 * 1024) : bomb);
    const server = await httpServer(t, (_, res) => res.writeHead(200, { 'content-encoding': name }).end(packed));
    const before = process.memoryUsage().rss;
    const failure = await failureOf(client(t, server).request(get, limits));
    assert.deepEqual([failure.kind, failure.code], ['unreadable', 'RESPONSE_TOO_LARGE']);
    assert.ok(
      process.memoryUsage().rss - before < 48 * 1024 * 1024,
      `${(process.memoryUsage().rss - before) / 1e6} MB`,
    );
  });
}

test('an answer of exactly the cap is read, one byte more is not', async (t) => {
  const server = await httpServer(t, ({ url }, res) => res.end('x'.repeat(Number(url.slice(1)))));
  const http = client(t, server);
  const small = { ...limits, maxBytes: 1_000 };
  assert.equal((await http.request({ ...get, path: '/1000' }, small)).text.length, 1_000);
  assert.equal((await failureOf(http.request({ ...get, path: '/1001' }, small))).code, 'RESPONSE_TOO_LARGE');
});

test('an endless body is cut off and its socket closed', async (t) => {
  const server = await httpServer(t, (_, res) => {
    const timer = setInterval(() => res.write('x'.repeat(100_000)), 1);
    res.on('close', () => clearInterval(timer));
  });
  assert.equal((await failureOf(client(t, server).request(get, limits))).code, 'RESPONSE_TOO_LARGE');
  await until(() => server.sockets.size === 0, 'the socket is closed');
});

/** Every way of being slow, and which limit ends it. */
const slow: Record<string, { answer: (res: ServerResponse) => void; limits: Partial<Limits> }> = {
  'no first byte': { answer: () => {}, limits: { firstByte: 100 } },
  'headers and then silence': { answer: (res) => void res.writeHead(200).write('{'), limits: { idle: 100 } },
  'one byte at a time': {
    answer: (res) => {
      const timer = setInterval(() => res.write(' '), 20);
      res.on('close', () => clearInterval(timer));
    },
    limits: { attempt: 300 },
  },
  'no first byte within the attempt': { answer: () => {}, limits: { attempt: 100 } },
};

for (const [name, { answer, limits: tight }] of Object.entries(slow)) {
  test(`a server that is slow (${name}) ends in a timeout and a closed socket`, async (t) => {
    const server = await httpServer(t, (_, res) => answer(res));
    const started = performance.now();
    const { kind, retryable, sent } = await failureOf(client(t, server).request(post, { ...limits, ...tight }));
    assert.deepEqual([kind, retryable, sent], ['timeout', true, 'maybe']);
    assert.ok(performance.now() - started < 3_000);
    await until(() => server.sockets.size === 0, 'the socket is closed');
  });
}

const broken: Record<string, { bytes: string; kinds: readonly string[] }> = {
  'a truncated body': { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntruncated', kinds: ['network'] },
  'chunks without an end': {
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    kinds: ['network'],
  },
  'a chunk of no size': {
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n',
    kinds: ['unreadable'],
  },
  'no answer at all': { bytes: '', kinds: ['network'] },
  'no HTTP': { bytes: 'SSH-2.0-OpenSSH_9.6\r\n', kinds: ['unreadable'] },
  'half a head': { bytes: 'HTTP/1.1 200 OK\r\nContent-', kinds: ['network', 'unreadable'] },
  'two lengths': {
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    kinds: ['unreadable', 'network'],
  },
  'length and chunks': {
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    kinds: ['unreadable', 'network'],
  },
  'a huge header': { bytes: `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(1_000_000)}\r\n\r\n`, kinds: ['unreadable'] },
  'ten thousand headers': { bytes: `HTTP/1.1 200 OK\r\n${'X-A: x\r\n'.repeat(10_000)}\r\n`, kinds: ['unreadable'] },
};

for (const [name, { bytes, kinds }] of Object.entries(broken)) {
  test(`an answer with ${name} is a failure that may have been carried out`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end(bytes, 'latin1'));
    const failure = await failureOf(client(t, server).request(post, limits));
    assert.ok(kinds.includes(failure.kind), `${failure.kind} ${failure.code}`);
    assert.deepEqual([failure.sent, failure.retryable], ['maybe', true]);
    assert.doesNotMatch(failure.message, /undefined|SyntaxError|UND_ERR|HPE/);
    assert.equal(server.seen.length, 1, 'it repeats nothing by itself');
  });
}

test('bytes behind an answer are not taken for the next one', async (t) => {
  let calls = 0;
  const server = await rawServer(t, (socket) => {
    calls += 1;
    const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok-${calls}${calls === 1 ? evil : ''}`);
  });
  const http = client(t, server);
  assert.equal((await http.request(get, limits)).text, 'ok-1');
  const second = await http.request(get, limits).catch(() => undefined);
  assert.ok(second === undefined || second.text === 'ok-2', second?.text);
});

test('a connection reset in the middle is a failure that may have been carried out', async (t) => {
  const server = await rawServer(t, (socket) => socket.resetAndDestroy());
  const { kind, sent, retryable } = await failureOf(client(t, server).request(post, limits));
  assert.deepEqual([kind, sent, retryable], ['network', 'maybe', true]);
  assert.equal(server.seen.length, 1);
});

test('a refused connection was certainly not sent', async (t) => {
  const { kind, sent, retryable, code } = await failureOf(
    client(t, { origin: 'http://127.0.0.1:1' }).request(post, limits),
  );
  assert.deepEqual([kind, sent, retryable, code], ['network', 'no', true, 'ECONNREFUSED']);
});

test('a host that DNS does not know was certainly not sent to, and is not asked again', async (t) => {
  const { sent, retryable, next } = await failureOf(
    client(t, { origin: 'https://nowhere.invalid' }).request(post, limits),
  );
  // Where there is no DNS at all, as in some build machines, the name may come to be known later.
  assert.equal(sent, 'no');
  if (!retryable) assert.match(next ?? '', /the host and.*HTTPS_PROXY/);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect ${status} is handed back and not followed, to another host or the same`, async (t) => {
    const other = await httpServer(t, (_, res) => res.end('{"id":"evil"}'));
    const places = [
      `${other.origin}/x`,
      '/elsewhere',
      `//127.0.0.1:${other.port}/x`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
      'javascript:1',
    ];
    let index = 0;
    const server = await httpServer(t, (_, res) => {
      res.writeHead(status, { location: places[index++] ?? '/' }).end('moved');
    });
    const http = client(t, server);
    for (const place of places) {
      for (const request of [get]) {
        const answer = await http.request(request, limits);
        assert.deepEqual([answer.status, answer.headers.location], [status, place]);
      }
    }
    assert.equal(other.connections, 0);
    assert.equal(server.seen.length, places.length);
  });
}

test('a cancelled call closes its socket at once', async (t) => {
  for (const answer of [() => {}, (res: ServerResponse) => void res.writeHead(200).write('{')]) {
    const server = await httpServer(t, (_, res) => answer(res));
    const controller = new AbortController();
    const call = errorOf(client(t, server).request(post, limits, controller.signal));
    await until(() => server.seen.length === 1, 'the request arrived');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const started = performance.now();
    controller.abort();
    const { failure } = await call;
    assert.deepEqual([failure.kind, failure.sent], ['cancelled', 'maybe']);
    await until(() => server.sockets.size === 0, 'the server sees the close');
    assert.ok(performance.now() - started < 500);
  }
});

test('a call cancelled before it begins opens no connection', async (t) => {
  const server = await httpServer(t, (_, res) => res.end());
  const failure = await failureOf(client(t, server).request(post, limits, AbortSignal.abort()));
  assert.deepEqual([failure.kind, failure.sent], ['cancelled', 'no']);
  assert.equal(server.connections, 0);
});

test('a call that is over leaves no listener on the signal of its caller', async (t) => {
  const server = await httpServer(t, (_, res) => res.end('{}'));
  const http = client(t, server);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = ((...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  }) as typeof add;
  signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  }) as typeof remove;
  for (let call = 0; call < 5; call += 1) await http.request(get, limits, signal);
  assert.equal(listeners, 0);
});

test('a stream can be left early, and its socket is closed', async (t) => {
  const server = await httpServer(t, (_, res) => {
    const timer = setInterval(() => res.write('x'.repeat(10_000)), 1);
    res.on('close', () => clearInterval(timer));
  });
  const { body } = await client(t, server).open(get, { ...limits, maxBytes: 1e9 });
  for await (const _ of body) break;
  await until(() => server.sockets.size === 0, 'the socket is closed');
});

test('a stream nobody reads is let go by the signal, without an error nobody catches', async (t) => {
  const server = await httpServer(t, (_, res) => {
    const timer = setInterval(() => res.write('x'.repeat(10_000)), 1);
    res.on('close', () => clearInterval(timer));
  });
  const controller = new AbortController();
  await client(t, server).open(get, { ...limits, maxBytes: 1e9 }, controller.signal);
  controller.abort();
  await until(() => server.sockets.size === 0, 'the socket is closed');
});

test('an address on this machine is never reached through a proxy', async (t) => {
  const server = await httpServer(t, (_, res) => res.end('direct'));
  const proxy = await httpServer(t, (_, res) => res.end('proxied'));
  const env = {
    HTTPS_PROXY: proxy.origin,
    HTTP_PROXY: proxy.origin,
    https_proxy: proxy.origin,
    http_proxy: proxy.origin,
  };
  for (const origin of [server.origin, `http://localhost:${server.port}`]) {
    assert.equal((await client(t, { origin }, env).request(get, limits)).text, 'direct');
  }
  assert.equal(proxy.connections, 0);
});
