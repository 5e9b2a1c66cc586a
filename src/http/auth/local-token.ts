/** The token of a server nobody configured one for: made at the first start, in a file only its owner can read. */
import { randomBytes } from 'node:crypto';
import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { failed } from '../../core/errors.js';
import { codeOf, createPrivate } from '../../guard/private-files.js';
import { FolderRefused, makePrivateFolder } from '../../guard/private-folder.js';
import { callerScopes } from '../caller.js';
import { digestOf, type StaticToken } from './static-tokens.js';

export interface LocalToken {
  readonly path: string;
  readonly made: boolean;
  readonly token: StaticToken;
}

/** Makes it where there is none. */
export async function openLocalToken(directory: string): Promise<LocalToken> {
  const path = join(directory, 'http-token');
  try {
    await makePrivateFolder(directory);
    const value = randomBytes(32).toString('base64url');
    const made = await createPrivate(path, `${value}\n`).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      },
    );
    const digest = digestOf(made ? value : await readToken(path));
    return { path, made, token: { name: 'local', digest, scopes: callerScopes } };
  } catch (error) {
    if (error instanceof FolderRefused) {
      const why = `No token can be kept in ${directory}: ${error.message}.`;
      throw failed('storage', why, { next: error.fix }, error);
    }
    if (error instanceof Unusable) throw unusable(path, error.message);
    throw unusable(path, `cannot be used (${codeOf(error)})`, error);
  }
}

class Unusable extends Error {}

async function readToken(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { mode, uid } = await handle.stat();
    const own = process.getuid?.();
    if (own !== undefined && (uid !== own || (mode & 0o077) !== 0)) throw new Unusable('is not yours alone');
    const text = (await handle.readFile('utf8')).trim();
    if (!/^[\w-]{43}$/.test(text)) throw new Unusable('holds no token');
    return text;
  } finally {
    await handle.close();
  }
}

const unusable = (path: string, why: string, cause?: unknown) =>
  failed('storage', `The token file ${path} ${why}.`, { next: 'Delete it: the next start makes a new one.' }, cause);
