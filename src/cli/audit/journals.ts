/** The journals in the state folder that the flags and the environment name. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { journalOf } from '../../app-guard.js';
import { inputError } from '../../core/errors.js';
import { chosenStateDirectory } from '../../core/paths.js';
import { createRedactor } from '../../core/redact.js';
import type { Journal } from '../../guard/journal.js';
import { createKeys, keyFileOf } from '../../guard/keys.js';
import { type FoundJournal, journalsIn } from '../../link/journals.js';

export interface Found {
  readonly journals: readonly FoundJournal[];
  /** Where was looked. */
  readonly folder: string;
}

export function findJournals(account?: string, stateDir?: string): Found {
  const state = chosenStateDirectory(stateDir, process.env, process.platform, homedir());
  const keys = createKeys(state, { create: false, file: keyFileOf(undefined, process.env) });
  const all = journalsIn(state, keys);
  const journals = account === undefined ? all : all.filter(({ accountId }) => accountId === account);
  const folder = join(state, 'journal');
  if (account !== undefined && journals.length === 0) {
    const known = all.map(({ accountId }) => accountId).join(', ');
    throw inputError(
      `There is no journal of this account in ${folder}.`,
      known === '' ? 'There is none of any account, either.' : `There are journals of: ${known}.`,
    );
  }
  return { journals, folder };
}

/** The same journal, to add to it. */
export function writable({ accountId, sandbox }: FoundJournal, stateDir?: string): Journal {
  const state = chosenStateDirectory(stateDir, process.env, process.platform, homedir());
  return journalOf({
    state: sandbox ? join(state, 'sandbox') : state,
    accountId,
    keys: createKeys(state, { file: keyFileOf(undefined, process.env) }),
    now: Date.now,
    redactor: createRedactor(),
    onProblem: () => {},
  });
}
