// A server whose clock is off.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Client, signIn, start } from './client.js';

const now = Date.UTC(2026, 5, 1);
const { sandbox } = await start({ now: () => now });
const hours = 3_600_000;
const iso = (text: string | null) => new Date(text ?? '').toISOString();
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
afterEach(() => sandbox.reset());

test('the Date header is shifted', async () => {
  sandbox.addFault({ pattern: 'GET *', action: 'clock_skew', skewMs: hours / 2 });
  const { status, headers } = await new Client(sandbox).get('/networks');
  assert.equal(status, 200);
  assert.equal(iso(headers.get('date')), iso('2026-06-01T00:30:00Z'));
});

test('a token issued by a slow clock has expired for the right one', async () => {
  sandbox.addFault({ pattern: 'POST /oidc/*', action: 'clock_skew', skewMs: -2 * hours });
  const { access_token, expires_in } = (await signIn(sandbox)).json;
  assert.equal(expires_in, 3600);
  assert.equal(claimsOf(access_token).exp, (now - hours) / 1000);
  assert.equal((await new Client(sandbox).get('/networks')).status, 401);
});

test('a wrong clock everywhere agrees with itself', async () => {
  sandbox.addFault({ pattern: '* *', action: 'clock_skew', skewMs: -2 * hours });
  assert.equal((await new Client(sandbox).get('/networks')).status, 200);
});

test('writes take effect, in the log at the right time', async () => {
  sandbox.addFault({ pattern: '* *', action: 'clock_skew', skewMs: 5 * hours });
  await new Client(sandbox).post('/scim/v2/Groups', { displayName: 'skewed' });
  assert.equal(sandbox.effects[0]?.time, now);
});
