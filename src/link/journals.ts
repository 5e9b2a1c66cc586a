/** The journals in a state folder, found without any configuration: of real accounts and of the sandbox's. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ActionError, failed } from '../core/errors.js';
import { type Verdict, verifyJournal } from '../guard/journal/verify.js';
import type { Keys } from '../guard/keys.js';

export interface FoundJournal {
  readonly accountId: string;
  readonly sandbox: boolean;
  readonly file: string;
  /** Reads the key that is there; never makes one. */
  readonly keys: Keys;
}

export const journalsIn = (state: string, keys: Keys): FoundJournal[] =>
  [state, join(state, 'sandbox')].flatMap((root) => inFolder(root, root !== state, keys));

/** Without the key, nothing proves the journal: that is a finding like others. */
export async function verdictOn({ file, accountId: account_id, keys }: FoundJournal): Promise<Verdict> {
  try {
    return await verifyJournal(file, account_id, keys);
  } catch (error) {
    if (!(error instanceof ActionError) || error.failure.code !== 'KEY') throw error;
    const finding = { seq: 1, problem: error.failure.message };
    return { account_id, file, whole: false, records: 0, head: { seq: 0, mac: '' }, finding };
  }
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
