/**
 * One-time links to sign in by. Whoever may write to the state folder may make one: it is a file there, sealed, named by
 * the digest of its token, for ten minutes. Removing the file is using the link, so that it works once in all processes.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../core/errors.js';
import { isObject } from '../core/json.js';
import type { Keys } from '../guard/keys.js';
import { codeOf, placePrivate } from '../guard/private-files.js';
import { FolderRefused } from '../guard/private-folder.js';
import { createSealing } from '../guard/seal.js';

export interface SignInLinks {
  /** The token of a new one. */
  make(): Promise<string>;
  /** True for exactly one of all who try. */
  use(token: string): Promise<boolean>;
}

/** Milliseconds a link works. */
const linkTime = 600_000;

export interface LinkParts {
  readonly state: string;
  readonly keys: Keys;
  /** Milliseconds since 1970. */
  readonly date: () => number;
}

/** Where a link leads; its token is no part of the path, so that no log has it. */
export const linkTo = (base: string, token: string): string => `${base}/hub/sign-in?token=${token}`;

export function createSignInLinks({ state, keys, date }: LinkParts): SignInLinks {
  const folder = join(state, 'hub', 'links');
  const sealing = createSealing(() => keys.derive('hub links'));

  const digests = async (): Promise<string[]> =>
    (await readdir(folder).catch(nothing)).flatMap((name) => /^([\da-f]{64})\.json$/.exec(name)?.[1] ?? []);
  const fileOf = (digest: string) => join(folder, `${digest}.json`);

  /** The seal keeps the time true, and out whoever can write here without knowing the key. */
  const isGood = async (digest: string): Promise<boolean> => {
    const sealed = await readFile(fileOf(digest), 'utf8').catch(() => '');
    const value = await sealing.unseal(`link ${digest}`, sealed);
    const age = isObject(value) && typeof value.made_at === 'number' ? date() - value.made_at : Number.NaN;
    return age >= -5_000 && age < linkTime;
  };

  /** By its file alone: the link of a server with another key is none of ours. */
  const isOld = async (digest: string): Promise<boolean> => {
    const { mtimeMs } = await stat(fileOf(digest)).catch(() => ({ mtimeMs: date() }));
    return date() - mtimeMs > linkTime;
  };

  return {
    async make() {
      const token = randomBytes(32).toString('base64url');
      const digest = digestOf(token).toString('hex');
      try {
        for (const each of await digests()) if (await isOld(each)) await unlink(fileOf(each)).catch(() => {});
        await placePrivate(folder, `${digest}.json`, await sealing.seal(`link ${digest}`, { made_at: date() }));
      } catch (error) {
        const why = error instanceof FolderRefused ? error.message : codeOf(error);
        const next = error instanceof FolderRefused ? error.fix : 'Make the folder writable for you alone.';
        throw failed('storage', `No link to sign in by can be kept in ${folder}: ${why}.`, { next }, error);
      }
      return token;
    },
    async use(token) {
      if (!/^[\w-]{43}$/.test(token)) return false;
      const wanted = digestOf(token);
      const [digest] = (await digests()).filter((each) => timingSafeEqual(Buffer.from(each, 'hex'), wanted));
      if (digest === undefined || !(await isGood(digest))) return false;
      return unlink(fileOf(digest)).then(
        () => true,
        () => false,
      );
    },
  };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function nothing(error: unknown): string[] {
  if (codeOf(error) === 'ENOENT') return [];
  throw error;
}
