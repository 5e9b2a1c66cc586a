/** Pages that show a secret: to one caller, once, for a short time. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createSecretPages, type SecretPagesParts } from '../../src/guard/secret-pages.js';
import { errorOf, until } from '../databricks/servers.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';

function setUp(parts: Partial<SecretPagesParts> = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const tokens: string[] = [];
  const pages = createSecretPages({
    now: () => clock.now,
    random: randomBytes,
    url: (token) => {
      tokens.push(token);
      return `https://hub.example/secrets/${token}`;
    },
    ...parts,
  });
  const store = async (caller: string, value = canary) => {
    const stored = await pages.sinkFor(caller).store('name', value, {});
    return { stored, token: tokens.at(-1) ?? '' };
  };
  return { clock, pages, store, tokens };
}

test('the caller is told the address, until when, and nothing of the value', async () => {
  const { store, pages } = setUp();
  const { stored, token } = await store('ana');
  assert.deepEqual(stored, {
    stored_in: 'page',
    url: `https://hub.example/secrets/${token}`,
    expires_at: '2026-01-01T00:01:00.000Z',
    length: 36,
    sha256_8: 'f886492b',
  });
  pages.close();
});

test('a page opens once', async () => {
  const { store, pages } = setUp();
  const { token } = await store('ana');
  assert.deepEqual(pages.open(token, 'ana'), { value: canary });
  assert.equal(pages.open(token, 'ana'), 'gone');
});

test('nobody but its caller opens it, and who tries does not take it away', async () => {
  const { store, pages } = setUp();
  const { token } = await store('ana');
  for (const other of ['bob', '', 'Ana', 'ana ', 'ana\0']) assert.equal(pages.open(token, other), 'forbidden');
  assert.deepEqual(pages.open(token, 'ana'), { value: canary });
  assert.equal(pages.open(token, 'bob'), 'gone');
});

test('it opens until its time is over', async () => {
  const { store, pages, clock } = setUp({ lifetime: 90_000 });
  const first = await store('ana');
  const second = await store('ana');
  clock.now += 89_999;
  assert.deepEqual(pages.open(first.token, 'ana'), { value: canary });
  clock.now += 1;
  assert.equal(pages.open(second.token, 'ana'), 'gone');
  assert.equal(pages.open(second.token, 'bob'), 'gone');
});

test('an address cannot be guessed: 256 bits, from the dice it was given', async () => {
  const asked: number[] = [];
  const random = (bytes: number) => {
    asked.push(bytes);
    return randomBytes(bytes);
  };
  const { store, pages, tokens } = setUp({ random });
  const { token } = await store('ana');
  await store('ana');
  assert.deepEqual(asked, [32, 32]);
  assert.equal(new Set(tokens).size, 2);
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  for (const guess of ['', token.slice(1), `${token}A`, token.toLowerCase(), `${token.slice(0, -1)}`, '__proto__']) {
    assert.equal(pages.open(guess, 'ana'), 'gone', guess);
  }
  assert.deepEqual(pages.open(token, 'ana'), { value: canary });
  pages.close();
});

test('when too many wait no more are minted, and those being minted still find room', async () => {
  const { store, pages, clock } = setUp({ capacity: 2 });
  await pages.sinkFor('ana').prepare();
  await store('ana');
  await store('bob');
  const error = await errorOf(pages.sinkFor('ana').prepare());
  assert.equal(error.failure.kind, 'storage');
  assert.match(error.failure.next ?? '', /60 s/);
  await store('ana');
  await store('ana');
  const full = await errorOf(store('ana'));
  assert.ok(!inspect(full, { depth: 20, showHidden: true }).includes(canary));
  clock.now += 60_000;
  await pages.sinkFor('ana').prepare();
  await store('ana');
  pages.close();
});

test('an opened page makes room, and closing forgets them all', async () => {
  const { store, pages } = setUp({ capacity: 1 });
  const { token } = await store('ana');
  pages.open(token, 'ana');
  await pages.sinkFor('ana').prepare();
  const second = await store('ana');
  pages.close();
  assert.equal(pages.open(second.token, 'ana'), 'gone');
  await pages.sinkFor('ana').prepare();
});

test('what nobody opens leaves the memory when its time is over', async () => {
  const { store, pages } = setUp({ lifetime: 1 });
  const { token } = await store('ana');
  // The clock of the pages stands still: only the timer can drop it.
  await until(() => pages.open(token, 'bob') === 'gone', 'the page is gone');
});
