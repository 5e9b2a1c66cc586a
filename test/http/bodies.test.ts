/** What one caller's unfinished bodies may take from the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, open, post, readToken, restOf, stage, statusOf, token } from './stage.js';

test('bodies of one caller that are on their way leave room for those of another', async (t) => {
  const front = await stage(t, { limits: { bodyBytes: 1_000, bodyBytesOfOne: 1_500, bodyBytesInAll: 2_500 } });
  const body = message('ping', { text: 'x'.repeat(800) });
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: ${front.host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  const slow = await Promise.all(
    [0, 1].map(async (at) => {
      const socket = await open(front.port);
      t.after(() => socket.destroy());
      socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
      return { at, socket, answer: restOf(socket).then((text) => ({ at, text })) };
    }),
  );
  const refused = await Promise.race(slow.map(({ answer }) => answer));
  assert.equal(statusOf(refused.text), 429);
  assert.match(refused.text, /Too many bodies of yours/);

  assert.equal((await post(front, body, { authorization: `Bearer ${readToken}` })).status, 200);

  const left = slow.find(({ at }) => at !== refused.at);
  left?.socket.write('}');
  assert.equal(statusOf((await left?.answer)?.text ?? ''), 200);
  assert.equal((await post(front, body)).status, 200, 'what was held is given back');
  assert.equal((await post(front, body)).status, 200);
});
