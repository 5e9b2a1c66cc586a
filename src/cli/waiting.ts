/** Opens the questions that wait for a person on this machine, as the flags say where, for as long as a command runs. */
import { homedir } from 'node:os';
import process from 'node:process';
import { elsewhere } from '../app-base.js';
import { chosenStateDirectory } from '../core/paths.js';
import { createKeys, keyFileOf } from '../guard/keys.js';
import { openWaiting, type Waiting } from '../link/waiting.js';
import { storeAddress } from '../store/address.js';
import { openSharedStore } from '../store/shared.js';
import { runAs } from './options.js';
import { note } from './terminal.js';

export type { Waiting } from '../link/waiting.js';

export interface WaitingFlags {
  readonly stateDir?: string;
  readonly store?: string;
  readonly keyFile?: string;
}

/** What settles them, for a terminal that looks where these flags do. */
export function approveCommand(flags: WaitingFlags): string {
  const state = chosenStateDirectory(flags.stateDir, process.env, process.platform, homedir());
  return `${runAs()} approve${elsewhere(flags, state, process.env)}`;
}

/** Opens them for as long as `use` takes. */
export async function withWaiting<T>(flags: WaitingFlags, use: (waiting: Waiting) => Promise<T>): Promise<T> {
  const { env, platform } = process;
  const state = chosenStateDirectory(flags.stateDir, env, platform, homedir());
  const keys = createKeys(state, { file: keyFileOf(flags.keyFile, env) });
  const onProblem = (problem: string) => note(`warning: ${problem}`);
  const shared = await openSharedStore(storeAddress(flags.store, env), keys, { onChange: () => {}, onProblem });
  try {
    return await use(openWaiting({ state, keys, shared, channel: 'terminal', onProblem }));
  } finally {
    await shared?.close();
  }
}
