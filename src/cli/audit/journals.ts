/** The journals in the state folder, found without any configuration: of real accounts and of the sandbox's. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { journalOf } from '../../app-guard.js';
import { failed, inputError } from '../../core/errors.js';
import { chosenStateDirectory } from '../../core/paths.js';
import { createRedactor } from '../../core/redact.js';
import type { Journal } from '../../guard/journal.js';
import { createKeys, type Keys, keyFileOf } from '../../guard/keys.js';

export interface FoundJournal {
  readonly accountId: string;
  readonly sandbox: boolean;
  readonly file: string;
  /** Reads the key that is there; never makes one. */
  readonly keys: Keys;
}

export interface Found {
  readonly journals: readonly FoundJournal[];
  /** Where was looked. */
  readonly folder: string;
}

export function findJournals(account?: string, stateDir?: string): Found {
  const state = chosenStateDirectory(stateDir, process.env, process.platform, homedir());
  const keys = createKeys(state, { create: false, file: keyFileOf(undefined, process.env) });
  const all = [state, join(state, 'sandbox')].flatMap((root) => inFolder(root, root !== state, keys));
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

/** Of a journal that was removed, the anchor is left. */
const journalName = /^([\w-]{1,64})\.jsonl(?:\.head)?$/;

function inFolder(root: string, sandbox: boolean, keys: Keys): FoundJournal[] {
  const folder = join(root, 'journal');
  const ids = namesIn(folder).flatMap((name) => journalName.exec(name)?.[1] ?? []);
  return [...new Set(ids)].sort().map((accountId) => ({
    accountId,
    sandbox,
    file: join(folder, `${accountId}.jsonl`),
    keys,
  }));
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw failed('storage', `The folder ${folder} cannot be read (${code}).`, {}, error);
  }
}
