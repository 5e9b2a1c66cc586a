/** A folder that only this user may enter: whoever else could change what lies in it decides where secrets go. */
import { lstat, mkdir } from 'node:fs/promises';
import process from 'node:process';

/** Why a folder does not do; `code` as in errors of the file system. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused';
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

/** Makes the folder where it is missing. Throws `FolderRefused`, or what the file system says. */
export async function makePrivateFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Where something else has the name, what it is says more than that the folder could not be made.
    await checkPrivateFolder(directory).catch((seen: unknown) => {
      throw seen instanceof FolderRefused ? seen : error;
    });
  }
  await checkPrivateFolder(directory);
}

/** Throws `FolderRefused` for a link, a file, another owner, and a folder that others may enter. */
export async function checkPrivateFolder(directory: string): Promise<void> {
  const stat = await lstat(directory);
  if (stat.isSymbolicLink()) throw new FolderRefused('ELOOP', 'it is a link', 'Put a folder of its own in its place.');
  if (!stat.isDirectory()) throw new FolderRefused('ENOTDIR', 'it is no folder', 'Move what has its name away.');
  // Windows has neither owners nor modes here; the state folder lies in the user's profile.
  if (process.getuid === undefined) return;
  if (stat.uid !== process.getuid()) {
    throw new FolderRefused('EPERM', 'it belongs to another user', 'Make it belong to the user this server runs as.');
  }
  if ((stat.mode & 0o077) !== 0) {
    throw new FolderRefused('EACCES', 'others may enter it', `Run: chmod 700 ${JSON.stringify(directory)}`);
  }
}
