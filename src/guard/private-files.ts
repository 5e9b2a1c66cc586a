/** Files only this user can read, in folders only this user can enter. Written whole and on the disk, or not at all. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { makePrivateFolder } from './private-folder.js';

/** As much of `node:fs/promises` as a test may want to fail. */
export type Disk = Pick<typeof fs, 'open' | 'rename'>;

/** Writes and syncs a new file: it neither overwrites one nor follows a link that somebody put there. */
export async function createPrivate(path: string, text: string | Uint8Array, { open }: Disk = fs): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file that has its name only when it is whole; one of that name is replaced. A process that dies on the way
 * leaves nothing that looks finished; one that fails leaves nothing. Returns the path.
 */
export async function placePrivate(
  directory: string,
  file: string,
  text: string | Uint8Array,
  disk: Disk = fs,
): Promise<string> {
  await makePrivateFolder(directory);
  const part = join(directory, `.${randomBytes(9).toString('hex')}.part`);
  const path = join(directory, file);
  try {
    await createPrivate(part, text, disk);
    // Not link(), which some file systems lack. Nobody else may write to this folder.
    await disk.rename(part, path);
  } catch (error) {
    await fs.unlink(part).catch(() => {});
    throw error;
  }
  await syncFolder(directory, disk);
  return path;
}

/** So that a new name survives a power cut as well. Windows cannot open folders, and some file systems not sync them. */
export async function syncFolder(directory: string, { open }: Disk = fs): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

/** The file system's code of an error, e.g. ENOSPC. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unexpected error';
