/**
 * Where minted secrets go: a new file only this user can read. The value never travels back to the caller, who gets
 * the path, the length and a fingerprint.
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { failed } from '../core/errors.js';

export interface StoredSecret {
  readonly path: string;
  readonly length: number;
  /** First 8 hex digits of the value's SHA-256, to tell secrets apart. */
  readonly sha256_8: string;
}

export interface SecretSink {
  /** Proves that a secret could be stored now. Throws a `storage` failure. */
  prepare(): Promise<void>;
  /** `name` becomes part of the file name; `facts` are written beside the value. */
  store(name: string, value: string, facts: Readonly<Record<string, unknown>>): Promise<StoredSecret>;
}

/** Refuses a folder that is a link, or that others may enter: whoever can swap it decides where secrets go. */
async function checkOwn(directory: string): Promise<void> {
  const { mode, uid, isDirectory } = await lstat(directory).then((stat) => ({
    mode: stat.mode,
    uid: stat.uid,
    isDirectory: stat.isDirectory(),
  }));
  const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  if (!isDirectory || !isOurs) throw Object.assign(new Error('not a private folder'), { code: 'EACCES' });
}

export function createFileSink(directory: string): SecretSink {
  /** The file has its name only when it is whole: a process that dies on the way leaves nothing that looks finished. */
  const write = async (file: string, text: string) => {
    const path = join(directory, file);
    const part = join(directory, `.${randomBytes(9).toString('hex')}.part`);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await checkOwn(directory);
    // 'wx' neither overwrites a file nor follows a link that somebody put there.
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Not link(), which some file systems lack. Nobody else may write to this folder, and the name is random.
    await rename(part, path);
    return path;
  };
  return {
    async prepare() {
      try {
        await unlink(await write(`.probe-${randomBytes(6).toString('hex')}`, 'probe'));
      } catch (error) {
        throw failed(
          'storage',
          `The folder for secrets cannot be written (${(error as NodeJS.ErrnoException).code}): ${directory}. Nothing was sent.`,
          {},
          error,
        );
      }
    },
    async store(name, value, facts) {
      const safe = name.replace(/[^\w.-]/g, '_').slice(0, 100);
      const file = `${safe}-${randomBytes(8).toString('hex')}.json`;
      const path = await write(file, `${JSON.stringify({ ...facts, value }, null, 2)}\n`);
      const sha256_8 = createHash('sha256').update(value).digest('hex').slice(0, 8);
      return { path, length: value.length, sha256_8 };
    },
  };
}
