// All that loading the configuration asks of the machine, so that tests can hand in another one. Decides nothing.

import { lstatSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';

import { type Keychain, openKeychain } from './sign-in/keychain.js';

export { abbreviateHome, errorCode, expandHome, octal } from '../core/paths.js';

export interface FileMode {
  /** Permission bits and owner of the file itself; of the target where the path is a symbolic link. */
  readonly mode: number;
  readonly uid: number;
  readonly isSymlink: boolean;
  /** False for a folder, a pipe or a device. */
  readonly isFile: boolean;
  readonly size: number;
}

export interface ConfigIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Throws what the file system throws (ENOENT, EACCES, …). */
  readFile(path: string): string;
  /** Undefined when there is no such file. */
  fileMode(path: string): FileMode | undefined;
  readonly keychain: Pick<Keychain, 'read'>;
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
      const stat = statSync(path);
      const { mode, uid, size } = stat;
      return { mode: mode & 0o777, uid, isSymlink: lstatSync(path).isSymbolicLink(), isFile: stat.isFile(), size };
    } catch {
      return undefined;
    }
  },
  keychain: openKeychain(),
  uid: process.getuid?.(),
});
