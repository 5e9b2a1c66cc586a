/** The lock: one holder at a time, dead holders cleared, nobody else's lock removed. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { withLock } from '../../src/guard/file-lock.js';
import { fateOf, ownIdentity } from '../../src/guard/process-identity.js';
import { folder } from './bench.js';

const later = () => performance.now() + 20_000;
const nameOf = (pid: number, host = hostname(), started = '') =>
  [pid, started, Buffer.from(host).toString('base64url'), 'token'].join('~');

/** Above every pid there is: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html (pid_max). */
const deadPid = 2 ** 22 + 1;

function leftBy(entry: string) {
  const lock = join(folder(), 'lock');
  mkdirSync(lock);
  writeFileSync(join(lock, entry), '');
  return lock;
}

test('of many who want it, one has it at a time, and nothing is left behind', async () => {
  const lock = join(folder(), 'lock');
  let inside = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: 40 }, () =>
      withLock(lock, later(), async () => {
        inside += 1;
        assert.equal(inside, 1);
        await turn();
        inside -= 1;
        done += 1;
      }),
    ),
  );
  assert.equal(done, 40);
  assert.deepEqual(readdirSync(join(lock, '..')), []);
});

test('many who find a dead holder, some late, still have it one at a time', async () => {
  for (let round = 0; round < 60; round += 1) {
    const lock = leftBy(nameOf(deadPid));
    let inside = 0;
    await Promise.all(
      Array.from({ length: 12 }, async (_, late) => {
        for (let turns = 0; turns < late * (round % 12); turns += 1) await turn();
        await withLock(lock, later(), async () => {
          inside += 1;
          assert.equal(inside, 1);
          // Long enough for another, who has seen the dead one, to come to removing it.
          for (let turns = 0; turns < 20; turns += 1) await lstat(dirname(lock));
          inside -= 1;
        });
      }),
    );
    assert.ok(!existsSync(lock));
  }
});

const isLinux = process.platform === 'linux';
for (const [what, entry, skip] of [
  ['a process that is gone', nameOf(deadPid), false],
  ['an earlier process with our own pid', nameOf(process.pid), false],
  ['an earlier process with a pid that is used again', nameOf(process.ppid, hostname(), '00000000.1'), !isLinux],
] as const) {
  test(`what ${what} left is cleared`, { skip }, async () => {
    const lock = leftBy(entry);
    assert.equal(await withLock(lock, later(), async () => 'had it'), 'had it');
  });
}

for (const [what, entry] of [
  ['a living process', nameOf(process.ppid)],
  ['a process of another host', nameOf(deadPid, 'elsewhere')],
  ['something unknown', 'what is this'],
] as const) {
  test(`what belongs to ${what} stays`, async () => {
    const lock = leftBy(entry);
    await assert.rejects(
      withLock(lock, performance.now(), async () => assert.fail('it was had')),
      (error: Error) => error.message.startsWith(`The lock ${lock} is held by `),
    );
    assert.deepEqual(readdirSync(lock), [entry]);
    assert.deepEqual(readdirSync(join(lock, '..')), ['lock']);
  });
}

test('drafts of processes that died while they waited are swept away', async () => {
  const lock = leftBy(nameOf(deadPid));
  const draft = `${lock}-${nameOf(deadPid)}`;
  mkdirSync(draft);
  await withLock(lock, later(), async () => {});
  assert.ok(!existsSync(draft));
});

test('a holder whose work fails releases the lock', async () => {
  const lock = join(folder(), 'lock');
  await assert.rejects(
    withLock(lock, later(), async () => {
      throw new Error('no');
    }),
    /^Error: no$/,
  );
  assert.ok(!existsSync(lock));
});

test('this process is alive, one without a pid is gone, and another host’s cannot be told', () => {
  assert.equal(fateOf(ownIdentity), 'alive');
  assert.equal(fateOf({ ...ownIdentity, pid: Number.NaN }), 'gone');
  assert.equal(fateOf({ ...ownIdentity, host: 'elsewhere' }), 'elsewhere');
});
