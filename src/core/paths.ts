// Where this program keeps what outlives it, by the customs of each platform. Pure: looks at no disk and creates nothing.

import { posix, win32 } from 'node:path';

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
