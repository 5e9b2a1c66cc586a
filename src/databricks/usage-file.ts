// Streams a billable usage download to a private file, adding it up on the way. The file appears under its name only when it
// is whole; nothing that exists is overwritten.

import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { createUsageSummary, type UsageSummary } from '../core/usage-csv.js';

export interface SaveUsageOptions {
  readonly body: AsyncIterable<Uint8Array>;
  readonly dir: string;
  /** A plain file name: usage-2026-01.csv */
  readonly name: string;
  /** Bytes up to which the whole text is handed back too. */
  readonly inlineLimit?: number;
  readonly maxBytes?: number;
  /** Told the bytes so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface SavedUsage {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly summary: UsageSummary;
  /** The whole CSV, when it is short enough. */
  readonly text?: string;
}

export class UsageTooLarge extends Error {
  override readonly name = 'UsageTooLarge';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`The usage download is larger than ${maxBytes} bytes. Ask for fewer months.`);
    this.maxBytes = maxBytes;
  }
}

const INLINE = 16 * 1024;
const MAX_BYTES = 1024 ** 3;

export async function saveUsage(options: SaveUsageOptions): Promise<SavedUsage> {
  const { dir, name, signal } = options;
  if (!/^\w[\w.-]*$/.test(name)) throw new TypeError(`Not a plain file name: ${JSON.stringify(name)}`);
  signal?.throwIfAborted();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (!(await lstat(dir)).isDirectory()) {
    const error = new Error(`${dir} is not a directory of its own (perhaps a symbolic link).`);
    throw Object.assign(error, { code: 'ENOTDIR' });
  }

  // A name of its own for each download: two at once must not share one, and one left by a crash must not stand in the way.
  const part = join(dir, `${name}.${randomUUID()}.part`);
  try {
    const received = await receive(part, options);
    return { path: await publish(part, dir, name), ...received };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function receive(part: string, options: SaveUsageOptions): Promise<Omit<SavedUsage, 'path'>> {
  const { body, inlineLimit = INLINE, maxBytes = MAX_BYTES, onProgress, signal } = options;
  const summary = createUsageSummary();
  const hash = createHash('sha256');
  let inline: Uint8Array[] | undefined = [];
  let bytes = 0;

  const file = await createPrivate(part);
  try {
    for await (const chunk of abortable(body, signal)) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new UsageTooLarge(maxBytes);
      if (bytes > inlineLimit) inline = undefined;
      inline?.push(Uint8Array.from(chunk));
      hash.update(chunk);
      summary.push(chunk);
      // Waiting for the disk here is what slows the sender down.
      await file.appendFile(chunk);
      onProgress?.(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const text = inline && { text: Buffer.concat(inline).toString('utf8') };
  return { bytes, sha256: hash.digest('hex'), summary: summary.end(), ...text };
}

/** Exclusive creation never follows a symbolic link and never opens what another put there. */
const createPrivate = (path: string): Promise<FileHandle> => open(path, 'wx', 0o600);

/** Reserves a free name first, because a rename overwrites silently and hard links do not work everywhere. */
async function publish(part: string, dir: string, name: string): Promise<string> {
  const path = await reserve(dir, name);
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
}

async function reserve(dir: string, name: string): Promise<string> {
  const { name: stem, ext } = parse(name);
  for (let number = 1; ; number += 1) {
    const path = join(dir, number === 1 ? name : `${stem}-${number}${ext}`);
    try {
      await (await createPrivate(path)).close();
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Ends at once when aborted, even while the source is silent. */
async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next = await orAbort(iterator.next(), signal);
      finished = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs would hang here too.
    if (!finished) iterator.return?.().catch(() => undefined);
  }
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
