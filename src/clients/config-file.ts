/**
 * A client's configuration file on the disk: read whole, and replaced whole. A backup lies beside it first; mode and
 * owner stay; a link is followed to its file. Whatever cannot be kept is a reason to leave the file alone.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { failed } from '../core/errors.js';
import { errorCode } from '../core/paths.js';
import { syncFolder } from '../guard/private-files.js';
import { isInside } from './project.js';

/** Far beyond any configuration; Claude Code keeps its whole state in the same file. */
const largest = 64 * 1024 * 1024;

export interface Found {
  readonly path: string;
  /** Where the file itself is: the path, or where a link leads. */
  readonly target: string;
  /** Undefined where there is no file yet. */
  readonly text: string | undefined;
}

const refused = (path: string, message: string, next: string) =>
  failed('configuration', `${path} is left alone: ${message}.`, { next });

/**
 * Reads the file. Throws an `ActionError` for what is not a file this program may replace. `project`: the folder it is a
 * file of, and must be in.
 */
export async function readConfig(path: string, project?: string): Promise<Found> {
  if (/^(\\\\|\/\/)[^\\/]/.test(path)) {
    throw refused(path, 'it is on another machine', 'Run this there, or use --print and put the block in yourself.');
  }
  if (project !== undefined && !(await isInside(path, project))) {
    throw refused(path, 'a link leads from it out of the project', 'Put a file of its own there.');
  }
  const link = await fs.lstat(path).catch(absent);
  if (link === undefined) return { path, target: path, text: undefined };
  let target = path;
  if (link.isSymbolicLink()) {
    const there = await fs.realpath(path).catch(absent);
    if (there === undefined)
      throw refused(path, 'it is a link that leads nowhere', 'Remove the link, or make its file.');
    target = there;
  }
  const stat = await fs.stat(target).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!stat.isFile()) throw refused(path, 'it is no file', 'Move what has its name away.');
  if (stat.size > largest) throw refused(path, 'it is too large to be a configuration', 'Look what it is.');
  const bytes = await fs.readFile(target).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    return { path, target, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    throw refused(path, 'it is not written in UTF-8', 'Save it as UTF-8 in an editor and run this again.');
  }
}

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw failed('storage', `A file cannot be looked at (${errorCode(error)}).`, {}, error);
};

const unreadable = (path: string, error: unknown) =>
  failed('storage', `${path} cannot be read (${errorCode(error)}).`, { next: 'Make it readable for you.' }, error);

/** Texts of the backups this program made of the file. */
export async function backupsOf({ target }: Found): Promise<string[]> {
  const folder = dirname(target);
  const names = await fs.readdir(folder).catch((): string[] => []);
  const own = names.filter((name) => name.startsWith(`${basename(target)}${suffix}`));
  return Promise.all(own.map((name) => fs.readFile(join(folder, name), 'utf8').catch(() => '')));
}

const suffix = '.bak-';

/**
 * Writes the text, if the file is still what was read. Returns the backup's path, where there was a file.
 * `now`: names the backup.
 */
export async function replaceConfig(found: Found, text: string, now: Date): Promise<string | undefined> {
  const current = await readConfig(found.path);
  if (current.target !== found.target || current.text !== found.text) {
    throw refused(found.path, 'another program changed it in the meantime', 'Run this again.');
  }
  try {
    return found.text === undefined ? await create(found.target, text) : await overwrite(found, text, now);
  } catch (error) {
    if (error instanceof Error && error.name === 'ActionError') throw error;
    const next = 'Make its folder writable for you, or use --print and put the block in yourself.';
    throw failed('storage', `${found.path} cannot be written (${errorCode(error)}).`, { next }, error);
  }
}

async function create(target: string, text: string): Promise<undefined> {
  await fs.mkdir(dirname(target), { recursive: true });
  const part = await written(target, text, 0o600);
  try {
    // link() does not replace what another program may have made in the meantime.
    await fs.link(part, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw refused(target, 'another program has just made it', 'Run this again.');
      return fs.rename(part, target);
    });
  } finally {
    await fs.unlink(part).catch(() => {});
  }
  await syncFolder(dirname(target));
}

async function overwrite({ path, target, text: before = '' }: Found, text: string, now: Date): Promise<string> {
  const stat = await fs.stat(target);
  if (stat.nlink > 1) throw refused(path, 'it has several names (hard links)', 'Put the block in yourself: --print.');
  await fs.access(target, fs.constants.W_OK).catch(() => {
    throw refused(path, 'it is write-protected', 'Change it where it is made, or make it writable.');
  });
  const mode = stat.mode & 0o777;
  const backup = await backedUp(target, before, mode, now);
  const part = await written(target, text, mode);
  try {
    await keepOwner(path, part, stat);
    await fs.rename(part, target);
  } catch (error) {
    await fs.unlink(part).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(target));
  return backup;
}

async function backedUp(target: string, text: string, mode: number, now: Date): Promise<string> {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  for (let number = 1; ; number++) {
    const path = `${target}${suffix}${stamp}${number === 1 ? '' : `-${number}`}`;
    try {
      await writeNew(path, text, mode);
      return path;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function written(target: string, text: string, mode: number): Promise<string> {
  const part = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  await writeNew(part, text, mode);
  return part;
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await fs.open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    // The umask may have taken something off.
    if (process.platform !== 'win32') await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As root, or for another of the user's groups. */
async function keepOwner(path: string, part: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const now = await fs.stat(part);
  if (process.platform === 'win32' || (now.uid === uid && now.gid === gid)) return;
  // Not chown: whoever owns the folder could have put a link in its place, and been given what that leads to.
  await fs.lchown(part, uid, gid).catch(() => {
    throw refused(path, 'it belongs to another user or group', 'Run this as that user, or use --print.');
  });
}
