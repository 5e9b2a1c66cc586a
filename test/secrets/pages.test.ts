/** Pages that show a secret: to one caller, once, for a short time. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createSecretPages, owner, type SecretPages, type SecretPagesParts } from '../../src/guard/secret-pages.js';
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
    const stored = await pages.sink.store('name', value, { account_id: 'a-1' }, caller);
    return { stored, token: tokens.at(-1) ?? '' };
  };
  return { clock, pages, store, tokens };
}

const shown = (opened: ReturnType<SecretPages['open']>) => (typeof opened === 'string' ? opened : opened.value);

test('the caller is told the address, until when, and nothing of the value', async () => {
  const { store, pages } = setUp();
  const { stored, token } = await store('ana');
  assert.deepEqual(stored, {
    stored_in: 'page',
    url: `https://hub.example/secrets/${token}`,
    expires_at: '2026-01-01T00:05:00.000Z',
    length: 36,
    sha256_8: 'f886492b',
  });
  pages.close();
});

test('a page opens once', async () => {
  const { store, pages } = setUp();
  const { token } = await store('ana');
  assert.equal(shown(pages.open(token, 'ana')), canary);
  assert.equal(pages.open(token, 'ana'), 'gone');
});

test('nobody but its caller opens it, and who tries does not take it away', async () => {
  const { store, pages } = setUp();
  const { token } = await store('ana');
  for (const other of ['bob', '', 'Ana', 'ana ', 'ana\0']) assert.equal(pages.open(token, other), 'forbidden');
  assert.equal(shown(pages.open(token, 'ana')), canary);
  assert.equal(pages.open(token, 'bob'), 'gone');
});

test('it opens until its time is over', async () => {
  const { store, pages, clock } = setUp({ lifetime: 90_000 });
  const first = await store('ana');
  const second = await store('ana');
  clock.now += 89_999;
  assert.equal(shown(pages.open(first.token, 'ana')), canary);
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
  assert.equal(shown(pages.open(token, 'ana')), canary);
  pages.close();
});

test('when too many wait no more are minted, and those being minted still find room', async () => {
  const { store, pages, clock } = setUp({ capacity: 2 });
  await pages.sink.prepare();
  await store('ana');
  await store('bob');
  const error = await errorOf(pages.sink.prepare());
  assert.equal(error.failure.kind, 'storage');
  assert.match(error.failure.next ?? '', /300 s/);
  await store('ana');
  await store('ana');
  const full = await errorOf(store('ana'));
  assert.ok(!inspect(full, { depth: 20, showHidden: true }).includes(canary));
  clock.now += 300_000;
  await pages.sink.prepare();
  await store('ana');
  pages.close();
});

test('an opened page makes room, and closing forgets them all', async () => {
  const { store, pages } = setUp({ capacity: 1 });
  const { token } = await store('ana');
  pages.open(token, 'ana');
  await pages.sink.prepare();
  const second = await store('ana');
  pages.close();
  assert.equal(pages.open(second.token, 'ana'), 'gone');
  await pages.sink.prepare();
});

test('what nobody opens leaves the memory when its time is over', async () => {
  const { store, pages } = setUp({ lifetime: 1 });
  const { token } = await store('ana');
  // The clock of the pages stands still: only the timer can drop it.
  await until(() => pages.open(token, 'bob') === 'gone', 'the page is gone');
});

test('the owner of the server opens what any caller made; what waits is told to whom it is for, without its value', async () => {
  const { store, pages } = setUp();
  const { token } = await store('ana');
  await store('bob');
  const names = (reader: string | typeof owner) => pages.waiting(reader).map(({ caller }) => caller);
  assert.deepEqual([names('ana'), names('eve'), names(owner)], [['ana'], [], ['ana', 'bob']]);
  assert.ok(!inspect(pages.waiting(owner), { depth: 20 }).includes(canary));
  const looked = pages.look(token, owner);
  assert.ok(typeof looked !== 'string' && !inspect(looked).includes(canary));
  assert.deepEqual([looked.facts.caller, looked.facts.accountId, looked.facts.length], ['ana', 'a-1', 36]);
  assert.deepEqual([pages.look(token, 'bob'), pages.look('x', owner)], ['forbidden', 'gone']);
  assert.equal(shown(pages.open(token, owner)), canary);
  assert.equal(pages.look(token, owner), 'gone');
  assert.deepEqual(names(owner), ['bob']);
  pages.close();
});
