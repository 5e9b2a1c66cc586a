/**
 * The configuration file as a file: read whole, changed under a lock, written whole. A link is followed to what it leads
 * to, a backup is made before a change, and afterwards only its owner can read it.
 */

import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed } from '../core/errors.js';
import { type ProfileFile, ProfileFileError, parseProfileFile } from '../databricks/databrickscfg.js';
import { lockPatience, withLock } from '../guard/file-lock.js';
import { codeOf, createPrivate, type Disk, syncFolder } from '../guard/private-files.js';
import { inWords } from './secret-places.js';

export interface ProfileText {
  /** Empty where there is no file yet. */
  readonly text: string;
  readonly file: ProfileFile;
}

export interface Change<T> {
  /** The new text; the same one writes nothing. */
  readonly text: string;
  readonly result: T;
}

export interface Written<T> {
  readonly result: T;
  /** Where what was there before can be found. */
  readonly backup?: string;
}

export interface ProfileStore {
  read(): Promise<ProfileText>;
  /** One at a time, also between processes. `undo` runs where the change was decided on but not written. */
  change<T>(decide: (now: ProfileText) => Promise<Change<T>>, undo: (result: T) => Promise<void>): Promise<Written<T>>;
}

export function openProfileStore(path: string, disk?: Disk): ProfileStore {
  const read = async (target: string): Promise<ProfileText & { readonly bytes: Buffer | undefined }> => {
    const bytes = await readWhole(target);
    const text = bytes === undefined ? '' : decoded(bytes, path);
    return { bytes, text, file: parsed(text, path) };
  };

  const write = async (target: string, text: string, before: Buffer | undefined): Promise<string | undefined> => {
    const backup = before === undefined ? undefined : await backUp(path, before, disk);
    const part = join(dirname(target), `.${basename(target)}-${randomBytes(6).toString('hex')}.part`);
    try {
      await createPrivate(part, text, disk);
      // Other tools know nothing of the lock.
      if (!same(await readWhole(target), before)) throw changedMeanwhile(path);
      await (disk?.rename ?? rename)(part, target);
    } catch (error) {
      await unlink(part).catch(() => {});
      if (backup !== undefined) await unlink(backup).catch(() => {});
      throw error;
    }
    // The change is made. That it survives a power cut, too, is not worth calling it failed.
    await syncFolder(dirname(target), disk).catch(() => {});
    return backup;
  };

  return {
    read: () => targetOf(path).then(read).catch(reworded(path)),
    async change(decide, undo) {
      try {
        const target = await targetOf(path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        return await withLock(`${target}.lock`, performance.now() + lockPatience, async () => {
          const now = await read(target);
          const { text, result } = await decide(now);
          if (text === now.text) return { result };
          try {
            const backup = await write(target, text, now.bytes);
            return { result, ...(backup !== undefined && { backup }) };
          } catch (error) {
            await undo(result);
            throw error;
          }
        });
      } catch (error) {
        throw inWords(error, path);
      }
    },
  };
}

const reworded = (path: string) => (error: unknown) => {
  throw inWords(error, path);
};

/** What the path leads to. Throws for what is no file: a new one must not take the place of a folder or a device. */
async function targetOf(path: string): Promise<string> {
  const refuse = (what: string) => failed('storage', `${path} ${what}.`, { next: 'Name another configuration file.' });
  const found = await lstat(path).catch(absent);
  if (found === undefined) return path;
  const target = await realpath(path).catch(() => {
    throw refuse('is a link that leads nowhere');
  });
  if (!(await lstat(target)).isFile()) throw refuse('is no file');
  return target;
}

const absent = (error: unknown): undefined => {
  if (codeOf(error) !== 'ENOENT') throw error;
};

const readWhole = (path: string): Promise<Buffer | undefined> => readFile(path).catch(absent);

const same = (one: Buffer | undefined, other: Buffer | undefined) =>
  one === undefined || other === undefined ? one === other : one.equals(other);

/** Every byte has to survive being read and written again. */
function decoded(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const next = 'Save it as UTF-8 with an editor, then try again. Nothing was changed.';
    throw failed('storage', `${path} is not written in UTF-8, so it is not changed.`, { next });
  }
}

function parsed(text: string, path: string): ProfileFile {
  try {
    return parseProfileFile(text);
  } catch (error) {
    if (!(error instanceof ProfileFileError)) throw error;
    throw failed('storage', `${path} ${error.message}, so it is not changed.`, { next: 'Correct that line first.' });
  }
}

const changedMeanwhile = (path: string) =>
  failed('storage', `Another program has just changed ${path}. Nothing was changed.`, {
    retryable: true,
    next: 'Try again.',
  });

/** Beside the path that was named, not beside a link's target: that may be a folder that is shared. */
async function backUp(path: string, bytes: Buffer, disk: Disk | undefined): Promise<string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  for (let number = 1; ; number += 1) {
    const backup = `${path}.bak-${time}${number === 1 ? '' : `-${number}`}`;
    try {
      await createPrivate(backup, bytes, disk);
      return backup;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      await unlink(backup).catch(() => {});
      throw error;
    }
  }
}
