// All that loading the configuration asks of the machine, so that tests can hand in another one. Decides nothing.

import { lstatSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import process from 'node:process';

export interface FileMode {
  /** Permission bits and owner of the file itself; of the target where the path is a symbolic link. */
  readonly mode: number;
  readonly uid: number;
  readonly isSymlink: boolean;
}

export interface ConfigIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Throws what the file system throws (ENOENT, EACCES, …). */
  readFile(path: string): string;
  /** Undefined when there is no such file. */
  fileMode(path: string): FileMode | undefined;
  /** Undefined on Windows. */
  readonly uid: number | undefined;
}

export const nodeIo = (env: ConfigIo['env'] = process.env): ConfigIo => ({
  env,
  home: homedir(),
  platform: process.platform,
  readFile: (path) => readFileSync(path, 'utf8'),
  fileMode: (path) => {
    try {
      const { mode, uid } = statSync(path);
      return { mode: mode & 0o777, uid, isSymlink: lstatSync(path).isSymbolicLink() };
    } catch {
      return undefined;
    }
  },
  uid: process.getuid?.(),
});

/** Neither a shell nor anyone else expands `~` in an MCP client's JSON configuration. */
export function expandHome(path: string, io: ConfigIo): string {
  const { join } = io.platform === 'win32' ? win32 : posix;
  return /^~($|[/\\])/.test(path) ? join(io.home, path.slice(1)) : path;
}

/** The way a person writes the path. */
export function abbreviateHome(path: string, io: ConfigIo): string {
  const inside = io.home.length > 1 && path.startsWith(io.home) && /^[/\\]/.test(path.slice(io.home.length));
  return inside ? `~${path.slice(io.home.length)}` : path;
}

/** The name of a file system error. Its message stays out: it is written for programmers. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';

/** '0644', the way `chmod` takes it. */
export const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');
