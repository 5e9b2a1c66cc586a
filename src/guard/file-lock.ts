/**
 * One process at a time, on a path. The lock is a folder that holds one entry, named for its holder, and that comes
 * into being by rename: full or not at all, since a rename onto a folder that is not empty fails. Releasing it, and
 * clearing it after a holder that died, both remove the entry by its own name. So nobody can ever remove a successor's
 * lock, however late he wakes up, which is the race that the packages for this have
 * (https://github.com/moxystudio/node-proper-lockfile/issues/121). Native ones need a compiler or binaries.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from '../core/errors.js';
import { fateOf, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** How long a lock is waited for. Holders need milliseconds. */
export const lockPatience = 5_000;

/** Entries this process has made: where a platform tells no start times, another with our pid is a dead namesake's. */
const ours = new Set<string>();

const nameOf = ({ pid, host, started }: ProcessIdentity) =>
  [pid, started, Buffer.from(host).toString('base64url'), randomBytes(9).toString('hex')].join('~');

function holderOf(entry: string): ProcessIdentity | undefined {
  const [pid, started, host, token] = entry.split('~');
  if (pid === undefined || started === undefined || host === undefined || token === undefined) return undefined;
  return { pid: Number(pid), started, host: Buffer.from(host, 'base64url').toString() };
}

const isDead = (entry: string): boolean => {
  const holder = holderOf(entry);
  if (holder === undefined || ours.has(entry)) return false;
  return fateOf(holder) === 'gone' || (holder.host === ownIdentity.host && holder.pid === process.pid);
};

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';
const meansHeld = process.platform === 'win32' ? ['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES'] : ['EEXIST', 'ENOTEMPTY'];

/**
 * Runs `work` while holding the lock at `path`, whose parent folder has to exist. Throws a `storage` failure when it
 * cannot be had by `deadline` (of `performance.now()`).
 */
export async function withLock<T>(path: string, deadline: number, work: () => Promise<T>): Promise<T> {
  const entry = nameOf(ownIdentity);
  const draft = `${path}-${entry}`;
  ours.add(entry);
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(join(draft, entry), '', { flag: 'wx', mode: 0o600 });
    await acquire(path, draft, deadline);
    try {
      return await work();
    } finally {
      await release(path, entry);
    }
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
    ours.delete(entry);
  }
}

async function release(path: string, entry: string): Promise<void> {
  await unlink(join(path, entry)).catch(() => {});
  // Fails when somebody has moved in already.
  await rmdir(path).catch(() => {});
}

async function acquire(path: string, draft: string, deadline: number): Promise<void> {
  for (let round = 0; ; round += 1) {
    try {
      await rename(draft, path);
      if (round > 0) await sweep(path);
      return;
    } catch (error) {
      if (!meansHeld.includes(codeOf(error))) throw error;
    }
    const holder = await clear(path);
    // Once more even when it is late: what was in the way may just have been cleared.
    if (round > 0 && performance.now() >= deadline) throw refusal(path, holder);
    if (holder !== undefined || round > 0) await sleep(1 + Math.random() * Math.min(20, 2 + round));
  }
}

/** Removes what a dead holder left. The entry that stands in the way, or undefined when it is worth trying again. */
async function clear(path: string): Promise<string | undefined> {
  const entries = await readdir(path).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const living = entries.filter((entry) => !isDead(entry));
  if (living[0] !== undefined) return living[0];
  for (const entry of entries) await unlink(join(path, entry)).catch(() => {});
  // On Windows an empty folder is in the way, too; one that is not empty stays.
  await rmdir(path).catch(() => {});
  return undefined;
}

/** Removes drafts of processes that died while they waited. */
async function sweep(path: string): Promise<void> {
  const start = `${basename(path)}-`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(start) || !isDead(name.slice(start.length))) continue;
    await rm(join(dirname(path), name), { recursive: true, force: true }).catch(() => {});
  }
}

function refusal(path: string, entry: string | undefined) {
  const holder = entry === undefined ? undefined : holderOf(entry);
  const who = holder === undefined ? 'something unknown' : `process ${holder.pid} on ${JSON.stringify(holder.host)}`;
  return failed('storage', `The lock ${path} is held by ${who}.`, {
    code: 'LOCKED',
    retryable: true,
    next: 'Call again in a few seconds. If that process no longer runs, remove the lock folder.',
  });
}
