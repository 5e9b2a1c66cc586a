/**
 * What the file sink has stored, for the person it is for. Everything in the folder is looked at with suspicion: files
 * may be foreign, torn, huge, or links.
 */
import { constants } from 'node:fs';
import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { failed } from '../core/errors.js';
import { objectIn } from '../core/json.js';
import { checkPrivateFolder, FolderRefused } from './private-folder.js';
import { fingerprint } from './secrets.js';

/** What is known of a stored secret, without its value. The texts are Databricks': safe to show only when made so. */
export interface ShelvedSecret {
  /** The file's name without its ending. */
  readonly name: string;
  readonly path: string;
  /** ISO 8601, as all times here. */
  readonly stored_at: string;
  readonly length: number;
  readonly sha256_8: string;
  readonly id?: string;
  readonly action?: string;
  readonly account_id?: string;
  readonly field?: string;
  readonly expire_time?: string;
}

export interface Shelf {
  /** The newest first. */
  readonly secrets: readonly ShelvedSecret[];
  /** Files that are none of ours, or not whole. */
  readonly unreadable: readonly string[];
}

export interface SecretShelf {
  list(): Promise<Shelf>;
  /** `name` as `list` tells it. */
  read(name: string): Promise<string>;
  remove(name: string): Promise<void>;
}

interface Entry {
  readonly secret: ShelvedSecret;
  readonly value: string;
}

/** Characters of a file; the sink's have less than a thousand, and a whole answer stored instead of a value a few more. */
const longestFile = 256 * 1024;

export function createSecretShelf(directory: string): SecretShelf {
  const entry = async (file: string): Promise<Entry | undefined> => {
    const path = join(directory, file);
    const text = await readOwn(path);
    const content = text === undefined ? undefined : objectIn(text.content);
    if (text === undefined || typeof content?.value !== 'string') return undefined;
    const { value } = content;
    const facts: Record<string, unknown> = {
      id: content.id ?? content.integration_id,
      action: content.action,
      account_id: content.account_id,
      field: content.field,
      expire_time: content.expire_time ?? content.client_secret_expire_time,
    };
    const secret = {
      name: file.slice(0, -ending.length),
      path,
      stored_at: text.modified.toISOString(),
      ...fingerprint(value),
      ...Object.fromEntries(Object.entries(facts).filter(([, fact]) => typeof fact === 'string')),
    };
    return { secret, value };
  };

  const entries = async () => {
    const files = await namesIn(directory);
    const found: Entry[] = [];
    const unreadable: string[] = [];
    // One after the other: there may be many, and open files are few.
    for (const file of files.sort()) {
      const read = isOurs(file) ? await entry(file) : undefined;
      if (read === undefined) unreadable.push(file);
      else found.push(read);
    }
    found.sort((a, b) => b.secret.stored_at.localeCompare(a.secret.stored_at));
    return { found, unreadable };
  };

  /** By comparison with what is there, so that a name leads nowhere else. */
  const find = async (name: string): Promise<Entry> => {
    const { found } = await entries();
    const match = found.find(({ secret }) => secret.name === name);
    if (match === undefined) throw failed('not_found', 'There is no such secret.', { next: 'List what is there.' });
    return match;
  };

  return {
    async list() {
      const { found, unreadable } = await entries();
      return { secrets: found.map(({ secret }) => secret), unreadable };
    },
    read: async (name) => (await find(name)).value,
    async remove(name) {
      const { secret } = await find(name);
      await unlink(secret.path).catch((error: NodeJS.ErrnoException) => {
        throw failed('storage', `The file cannot be removed (${error.code}): ${secret.path}.`, {}, error);
      });
    },
  };
}

const ending = '.json';

/** The sink's unfinished files begin with a dot. */
const isOurs = (file: string) => file.endsWith(ending) && !file.startsWith('.');

/** Nothing where the folder is not there yet. One that others may enter holds what anybody put there. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    await checkPrivateFolder(directory);
    return await readdir(directory);
  } catch (error) {
    if (error instanceof FolderRefused) {
      throw failed('storage', `The folder for secrets is not used: ${error.message}: ${directory}.`, {
        next: error.fix,
      });
    }
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw failed('storage', `The folder for secrets cannot be read: ${directory}.`, {}, error);
  }
}

/** A plain file of this user's, not too long; undefined for anything else. Links are not followed, pipes not waited for. */
async function readOwn(path: string): Promise<{ content: string; modified: Date } | undefined> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    const isOwn = process.getuid === undefined || stat.uid === process.getuid();
    if (!stat.isFile() || !isOwn || stat.size > longestFile) return undefined;
    return { content: await handle.readFile('utf8'), modified: stat.mtime };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
