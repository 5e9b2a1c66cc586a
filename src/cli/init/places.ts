/** Where `init` reads and writes on this machine. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import type { Machine } from '../../clients/find.js';
import type { Installation } from '../../clients/server-entry.js';
import { chosenStateDirectory, expandHome } from '../../core/paths.js';
import { type AccountBook, openAccountBook } from '../../link/accounts.js';
import { installation } from '../installation.js';
import type { InitFlags } from './flags.js';

export interface Places {
  readonly machine: Machine;
  readonly installation: Installation;
  readonly book: AccountBook;
  readonly configFile: string;
  /** What the server has to be told besides its profile, where files are not where it looks by itself. */
  readonly extraArguments: readonly string[];
}

export function placesOf({ configFile: named, stateDir }: InitFlags): Places {
  const { env, platform } = process;
  const machine: Machine = { env, platform, home: homedir(), folder: process.cwd() };
  const path = (text: string) => resolve(expandHome(text, machine));
  const chosen = named ?? env.DATABRICKS_CONFIG_FILE;
  const configFile = path(chosen || '~/.databrickscfg');
  const stateRoot = path(chosenStateDirectory(stateDir, env, platform, machine.home));
  return {
    machine,
    installation,
    book: openAccountBook({ configFile, stateRoot, env, platform, home: machine.home }),
    configFile,
    extraArguments: [
      ...(chosen ? ['--config-file', configFile] : []),
      ...(stateDir || env.DATABRICKS_MCP_STATE_DIR ? ['--state-dir', stateRoot] : []),
    ],
  };
}
