// Where this program keeps what outlives it, by the customs of each platform, and how people write paths and modes.
// Pure: looks at no disk and creates nothing.

import { posix, win32 } from 'node:path';
import { shellWord } from './shell-word.js';

const application = 'databricks-actions-mcp';

type Env = Readonly<Record<string, string | undefined>>;

/** For files worth keeping but not worth backing up: https://specifications.freedesktop.org/basedir-spec */
export function stateDirectory(env: Env, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), application);
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', application);
  const chosen = env.XDG_STATE_HOME;
  // The specification has relative paths ignored.
  const base = chosen && posix.isAbsolute(chosen) ? chosen : posix.join(home, '.local', 'state');
  return posix.join(base, application);
}

/** The folder the operator chose, by flag or DATABRICKS_MCP_STATE_DIR, else the customary one. */
export const chosenStateDirectory = (flag: string | undefined, env: Env, platform: NodeJS.Platform, home: string) =>
  flag || env.DATABRICKS_MCP_STATE_DIR || stateDirectory(env, platform, home);

/** Where a command for another terminal has to look, beside what is customary. */
export interface Places {
  readonly stateDir: string;
  readonly keyFile?: string | undefined;
  readonly store?: string | undefined;
}

/** What a command for another terminal ends with, where that would look for things elsewhere; else nothing. */
export function placeOptions(
  { stateDir, keyFile, store }: Places,
  platform: NodeJS.Platform,
  home: string,
  folder: string,
): string {
  const { resolve } = platform === 'win32' ? win32 : posix;
  const word = (text: string) => shellWord(text, platform);
  return [
    ...(stateDir === stateDirectory({}, platform, home) ? [] : [`--state-dir ${word(resolve(folder, stateDir))}`]),
    ...(store === undefined ? [] : [`--store ${word(store)}`]),
    ...(keyFile === undefined ? [] : [`--key-file ${word(resolve(folder, keyFile))}`]),
  ]
    .map((option) => ` ${option}`)
    .join('');
}

interface Home {
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** Neither a shell nor anyone else expands `~` in an MCP client's JSON configuration. */
export function expandHome(path: string, { home, platform }: Home): string {
  const { join } = platform === 'win32' ? win32 : posix;
  return /^~($|[/\\])/.test(path) ? join(home, path.slice(1)) : path;
}

/** The way a person writes the path. */
export function abbreviateHome(path: string, { home }: Pick<Home, 'home'>): string {
  const inside = home.length > 1 && path.startsWith(home) && /^[/\\]/.test(path.slice(home.length));
  return inside ? `~${path.slice(home.length)}` : path;
}

/** The name of a file system error. Its message stays out: it is written for programmers. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';

/** '0644', the way `chmod` takes it. */
export const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');
