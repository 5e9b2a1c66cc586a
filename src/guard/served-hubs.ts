/**
 * Where a hub is served on this machine, told by a file in the state folder for as long as it is: for whoever asks a
 * person to approve something, and for the command that makes a link to sign in by.
 */
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { isObject } from '../core/json.js';
import { placePrivate } from './private-files.js';
import { checkPrivateFolder } from './private-folder.js';
import { fateOf, ownIdentity } from './process-identity.js';

const folderIn = (state: string) => join(state, 'hub', 'served');

/** `base`: scheme and host, as browsers reach it. Returns what takes the word back. */
export async function announceHub(state: string, base: string, at: number): Promise<() => Promise<void>> {
  const folder = folderIn(state);
  const file = await placePrivate(folder, `${process.pid}.json`, JSON.stringify({ base, at, ...ownIdentity }));
  return async () => void (await unlink(file).catch(() => {}));
}

/** The one that was started last of those that are alive; undefined where there is none. */
export async function servedHub(state: string): Promise<string | undefined> {
  const folder = folderIn(state);
  try {
    // What others could write there would send people to a page of theirs.
    await checkPrivateFolder(folder);
    const files = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
    const found = await Promise.all(files.map((name) => read(join(folder, name))));
    return found.flat().sort((a, b) => b.at - a.at)[0]?.base;
  } catch {
    return undefined;
  }
}

async function read(file: string): Promise<{ base: string; at: number }[]> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isObject(content)) return [];
    const { base, at, pid, host, started } = content;
    const isTold = typeof base === 'string' && /^https?:\/\/[\w.:[\]-]+$/.test(base) && typeof at === 'number';
    const process = { pid: Number(pid), host: String(host), started: String(started) };
    return isTold && fateOf(process) === 'alive' ? [{ base, at }] : [];
  } catch {
    return [];
  }
}
