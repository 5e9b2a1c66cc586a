/**
 * The one secret of this installation, and the keys derived from it: for the journal's chain and for approvals. It is
 * made at first need and never leaves its file and this process.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { ActionError, failed } from '../core/errors.js';
import { lockPatience, withLock } from './file-lock.js';
import { placePrivate } from './private-files.js';
import { makePrivateFolder } from './private-folder.js';

const keyLength = 32;

const keyFileSetting = 'DATABRICKS_MCP_KEY_FILE';

/** The key file that replicas share, where the operator names one by flag or environment. */
export const keyFileOf = (flag: string | undefined, env: Readonly<Record<string, string | undefined>>) =>
  flag ?? (env[keyFileSetting] || undefined);

export interface Keys {
  /** The key for one purpose. Throws a `storage` failure when the file cannot be used. */
  derive(label: string): Promise<Buffer>;
}

export interface KeyOptions {
  /** False for whoever only reads what was made with the key: a new one would prove nothing. */
  readonly create?: boolean;
  /** A file of the operator's with the key that several machines share, instead of one that is made here. */
  readonly file?: string | undefined;
}

export function createKeys(directory: string, { create = true, file }: KeyOptions = {}): Keys {
  const path = file ?? join(directory, 'key');
  let known: Promise<Buffer> | undefined;

  const read = async (): Promise<Buffer> => {
    const found = await readKey(path, file !== undefined);
    if (found !== undefined) return found;
    if (file !== undefined) throw unusable(path, 'is missing', makeShared);
    if (!create) throw unusable(path, 'is missing', 'Restore it from a backup: nothing can be proven without it.');
    await makePrivateFolder(directory);
    // Under a lock: of two processes that start at once, both have to end up with the same key.
    return await withLock(`${path}.lock`, performance.now() + lockPatience, async () => {
      return (await readKey(path)) ?? (await makeKey(path));
    });
  };

  return {
    async derive(label) {
      known ??= read();
      try {
        return Buffer.from(hkdfSync('sha256', await known, '', label, keyLength));
      } catch (error) {
        known = undefined;
        if (error instanceof ActionError) throw error;
        const code = (error as NodeJS.ErrnoException).code;
        throw unusable(path, `cannot be used (${code})`, 'Make it and its folder yours alone.', error);
      }
    },
  };
}

/** Follows no link and waits for no pipe; Windows knows neither. */
const withoutTricks = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * `isNamed`: the operator named the file, so that it may be a link and belong to root with a group that reads it, as
 * platforms mount secrets.
 */
async function readKey(path: string, isNamed = false): Promise<Buffer | undefined> {
  const renew = isNamed ? makeShared : renewOwn;
  const flags = isNamed ? (constants.O_NONBLOCK ?? 0) : withoutTricks;
  // A link is refused, not followed: it would let another choose the key.
  const handle = await open(path, constants.O_RDONLY | flags).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ELOOP') throw unusable(path, 'is a link', renew);
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    const isForeign = process.getuid !== undefined && stat.uid !== process.getuid() && !(isNamed && stat.uid === 0);
    if (!stat.isFile()) throw unusable(path, 'is no file', renew);
    if (isForeign) throw unusable(path, 'belongs to another user', renew);
    if (process.platform !== 'win32' && (stat.mode & (isNamed && stat.uid === 0 ? 0o037 : 0o077)) !== 0) {
      throw unusable(path, 'can be read or written by others', `${renew} Or, if nobody has seen it: chmod 600 it.`);
    }
    if (stat.size !== keyLength) throw unusable(path, `does not have ${keyLength} bytes but ${stat.size}`, renew);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Has its name only when it is whole and on the disk: what is sealed with a key that a crash loses is lost, too. */
async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyLength);
  await placePrivate(dirname(path), basename(path), key);
  return key;
}

const makeShared = `Make one for all replicas: (umask 077; head -c ${keyLength} /dev/urandom > shared.key), and name it as ${keyFileSetting}.`;

const renewOwn = 'Move it away together with the journal folder beside it; a new key is made then.';

const unusable = (path: string, what: string, next: string, cause?: unknown) =>
  failed('storage', `The key file ${path} ${what}.`, { code: 'KEY', next }, cause);
