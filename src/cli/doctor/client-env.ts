/** What a server gets from the client that starts it: which variables, and where its command is looked for. */
import { accessSync, constants } from 'node:fs';
import { posix, win32 } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What the SDKs of MCP hand on when a client says nothing else. Some clients hand on more; a server that needs more
 * starts in some and not in others. https://github.com/modelcontextprotocol/typescript-sdk (getDefaultEnvironment)
 */
const handedOn: Readonly<Record<'win32' | 'other', readonly string[]>> = {
  win32: [
    'APPDATA',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'PATH',
    'PROCESSOR_ARCHITECTURE',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'USERNAME',
    'USERPROFILE',
    'PROGRAMFILES',
  ],
  other: ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'],
};

export function clientEnv(own: Env, platform: NodeJS.Platform, entry: Env): Record<string, string> {
  const names = new Set(platform === 'win32' ? handedOn.win32 : handedOn.other);
  const kept = Object.entries(own).filter(([name]) => names.has(platform === 'win32' ? name.toUpperCase() : name));
  return Object.fromEntries(
    [...kept, ...Object.entries(entry)].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Texts of an entry with the references clients put values in for: `${NAME}`, `${env:NAME}`, `${NAME:-default}`. */
export const filledIn = (text: string, env: Env): string =>
  text.replace(
    /\$\{(?:env:)?(\w+)(?::-([^}]*))?\}/g,
    (whole, name: string, other?: string) => env[name] ?? other ?? whole,
  );

/** What only the client can put in: `${input:…}`, `${workspaceFolder}` and what has no value here. */
export const unfilled = (text: string): string | undefined => /\$\{[^}]*\}/.exec(text)?.[0];

/** Where a program started from a desktop looks, whatever a shell has added for itself. */
const desktopPath: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: '/usr/bin:/bin:/usr/sbin:/sbin',
  linux: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

/** The file a bare command means; undefined where it is none of the folders. A path stays what it is. */
export function findCommand(
  command: string,
  path: string,
  platform: NodeJS.Platform,
  env: Env = {},
): string | undefined {
  if (/[\\/]/.test(command)) return command;
  const { join, delimiter } = platform === 'win32' ? win32 : posix;
  const endings = platform === 'win32' ? ['', ...(env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';')] : [''];
  for (const folder of path.split(delimiter).filter((each) => each !== '')) {
    for (const ending of endings) {
      const file = join(folder, command + ending);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

/** Undefined where a desktop does not find the command, or is not known to look anywhere else than a shell does. */
export const isHiddenFromDesktop = (command: string, platform: NodeJS.Platform): boolean => {
  const path = desktopPath[platform];
  return path !== undefined && findCommand(command, path, platform) === undefined;
};

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
