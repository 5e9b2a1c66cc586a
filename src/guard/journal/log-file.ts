/**
 * The journal's file and its anchor: one process at a time adds a line, and none is added to a file that is not as it
 * was left. The anchor follows each line, so the file is ahead of it by at most the one line that a crash left.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failed } from '../../core/errors.js';
import { lockPatience, withLock } from '../file-lock.js';
import { makePrivateFolder } from '../private-folder.js';
import { beginning, type Chain, type End, type Fields, longestLine } from './chain.js';

export interface LogFile {
  /** Adds one record and syncs it. `allow` is asked under the lock, and throws to refuse. */
  append(fields: Fields, allow?: () => Promise<void>): Promise<void>;
}

/** The disk, to be replaced by one that fails. */
export interface Disk {
  readonly open: typeof open;
  readonly rename: typeof rename;
}

export interface LogFileOptions {
  readonly file: string;
  /** Made when it is needed: a key that cannot be read is a reason to refuse. */
  readonly chain: () => Promise<Chain>;
  /** The record that says that the torn line of a crash was cut off. */
  readonly repair: (tornBytes: number) => Fields;
  readonly disk?: Disk;
}

export const anchorOf = (file: string): string => `${file}.head`;
export const lockOf = (file: string): string => `${file}.lock`;

export function createLogFile({ file, chain, repair, disk = { open, rename } }: LogFileOptions): LogFile {
  const directory = dirname(file);
  /** The last record this process has seen: a file and anchor that are older were put back. */
  let seen = 0;
  let queue: Promise<unknown> = Promise.resolve();

  /** This process asks for the lock once at a time, in order; the patience counts from here. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const deadline = performance.now() + lockPatience;
    const turn = queue.then(async () => {
      await makePrivateFolder(directory);
      return await withLock(lockOf(file), deadline, work);
    });
    queue = turn.catch(() => {});
    return turn;
  };

  const writeAnchor = async (sealer: Chain, end: End) => {
    const draft = `${anchorOf(file)}.${randomBytes(6).toString('hex')}.part`;
    try {
      const handle = await disk.open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(sealer.anchor(end));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await disk.rename(draft, anchorOf(file));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw error;
    }
    seen = end.seq;
    await syncFolder(directory);
  };

  const readAnchor = async (sealer: Chain): Promise<End | undefined> => {
    const text = await readText(anchorOf(file));
    if (text === undefined) return undefined;
    const end = sealer.readAnchor(text);
    if (end === undefined) throw damaged(file, 'its anchor was not written with the key of this installation');
    if (end.seq < seen) throw damaged(file, `its anchor says ${end.seq} records, but there were ${seen}`);
    return end;
  };

  /** Opens the file, with what the anchor says of its end. Makes both where neither is there. */
  const opened = async (sealer: Chain): Promise<{ handle: FileHandle; end: End }> => {
    const anchored = await readAnchor(sealer);
    try {
      const handle = await disk.open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
      if (anchored !== undefined) return { handle, end: anchored };
      await handle.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if ((anchored?.seq ?? seen) > 0) {
        throw damaged(file, `the file is missing, which held ${anchored?.seq ?? seen} records`);
      }
      // The anchor first: a file without one is then never what a crash leaves.
      if (anchored === undefined) await writeAnchor(sealer, sealer.start);
      return { handle: await disk.open(file, 'wx+', 0o600), end: sealer.start };
    }
    throw damaged(file, 'its anchor is missing');
  };

  const add = async (handle: FileHandle, sealer: Chain, end: End, fields: Fields): Promise<End> => {
    const sealed = sealer.seal(end, fields);
    if (sealed.line.length > longestLine) throw new RangeError(`A record of ${sealed.line.length} bytes.`);
    try {
      await writeAll(handle, sealed.line, end.size);
      await handle.sync();
      await writeAnchor(sealer, sealed.end);
    } catch (error) {
      // What is refused must not stand there. If not even this works, the next append finds it and deals with it.
      await handle.truncate(end.size).catch(() => {});
      throw error;
    }
    return sealed.end;
  };

  /** Where to write. What a crash left is taken in or cut off; anything else than that is a reason to refuse. */
  const settle = async (handle: FileHandle, sealer: Chain, anchored: End): Promise<End> => {
    const stat = await handle.stat();
    if (!stat.isFile()) throw damaged(file, 'it is no file');
    if (stat.size < anchored.size) {
      throw damaged(file, `it has ${stat.size} bytes, but its anchor says ${anchored.size} (${anchored.seq} records)`);
    }
    if (anchored.seq > 0) {
      const last = `"${anchored.mac}"}\n`;
      const found = await readAt(handle, anchored.size - last.length, last.length);
      if (found.toString('latin1') !== last) throw damaged(file, `its record ${anchored.seq} is another`);
    }
    if (stat.size === anchored.size) return anchored;
    const beyond = await readAt(handle, anchored.size, Math.min(stat.size - anchored.size, longestLine + 1));
    if (isTorn(beyond, anchored.seq + 1)) {
      await handle.truncate(anchored.size);
      return await add(handle, sealer, anchored, repair(beyond.length));
    }
    const next = nextEnd(beyond, sealer, anchored);
    if (next === undefined) throw damaged(file, 'it goes on after the last record with something else');
    await handle.sync();
    await writeAnchor(sealer, next);
    return next;
  };

  const ready = async <T>(work: (handle: FileHandle, sealer: Chain, end: End) => Promise<T>): Promise<T> => {
    const sealer = await chain();
    return await inTurn(async () => {
      const { handle, end } = await opened(sealer);
      try {
        return await work(handle, sealer, await settle(handle, sealer, end));
      } finally {
        await handle.close();
      }
    });
  };

  return {
    async append(fields, allow) {
      await ready(async (handle, sealer, end) => {
        await allow?.();
        await add(handle, sealer, end, fields);
      });
    },
  };
}

/** The beginning of a line that never got its end, as a crash leaves it: its first bytes, or zeros in their place. */
export function isTorn(bytes: Buffer, seq: number): boolean {
  if (bytes.length === 0 || bytes.length > longestLine || bytes.includes(0x0a)) return false;
  const start = Buffer.from(beginning(seq)).subarray(0, bytes.length);
  return bytes.subarray(0, start.length).equals(start) || bytes.every((byte) => byte === 0);
}

/** The end after exactly one more line of the chain. */
function nextEnd(bytes: Buffer, chain: Chain, end: End): End | undefined {
  if (bytes.indexOf(0x0a) !== bytes.length - 1) return undefined;
  const sealed = chain.unseal(bytes.subarray(0, -1));
  if (sealed === undefined || sealed.seq !== end.seq + 1 || sealed.prev !== end.mac) return undefined;
  return { seq: sealed.seq, mac: sealed.mac, size: end.size + bytes.length };
}

/** A small file as it is, byte by byte; undefined when there is none. */
export const readText = (path: string): Promise<string | undefined> =>
  readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

const damaged = (file: string, what: string) =>
  failed('storage', `The journal ${file} is not as it was left: ${what}.`, {
    code: 'JOURNAL',
    next: 'A person has to run `databricks-actions-mcp audit verify`. To begin a new journal, move the old one and its .head away together.',
  });

async function writeAll(handle: FileHandle, bytes: Buffer, from: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, from + at);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    at += bytesWritten;
  }
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, from);
  return bytes.subarray(0, bytesRead);
}

/** So that the new name survives a power cut. Not every platform lets a folder be opened for it. */
async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
