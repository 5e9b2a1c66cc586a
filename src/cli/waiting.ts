/** The questions that wait for a person on this machine, of all accounts, and the journals they belong to. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createApprovalStore, journalOf } from '../app-guard.js';
import { chosenStateDirectory } from '../core/paths.js';
import { createRedactor } from '../core/redact.js';
import { type ApprovalRecord, approvalTime, type Ending } from '../guard/approvals.js';
import { createKeys, type Keys, keyFileOf } from '../guard/keys.js';
import { storeAddress } from '../store/address.js';
import { openSharedStore, type SharedStore } from '../store/shared.js';
import { note } from './terminal.js';

export interface Waiting {
  readonly directory: string;
  /** In a store, not in files. */
  readonly isShared: boolean;
  /** Those nobody has settled, and which are not too old. */
  open(): Promise<readonly ApprovalRecord[]>;
  /** Those that are approved and not yet used, too. */
  unused(): Promise<readonly ApprovalRecord[]>;
  approve(record: ApprovalRecord, by: string): Promise<boolean>;
  end(record: ApprovalRecord, how: Ending, by: string): Promise<boolean>;
}

export interface WaitingFlags {
  readonly stateDir?: string;
  readonly store?: string;
  readonly keyFile?: string;
}

/** Opens them for as long as `use` takes. */
export async function withWaiting<T>(flags: WaitingFlags, use: (waiting: Waiting) => Promise<T>): Promise<T> {
  const { env, platform } = process;
  const state = chosenStateDirectory(flags.stateDir, env, platform, homedir());
  const keys = createKeys(state, { file: keyFileOf(flags.keyFile, env) });
  const shared = await openSharedStore(storeAddress(flags.store, env), keys, {
    onChange: () => {},
    onProblem: (problem) => note(`warning: ${problem}`),
  });
  try {
    return await use(openWaiting(state, keys, shared));
  } finally {
    await shared?.close();
  }
}

function openWaiting(state: string, keys: Keys, shared: SharedStore | undefined): Waiting {
  const store = shared?.approvals ?? createApprovalStore(state, keys);
  const journal = ({ sandbox, accountId }: ApprovalRecord) =>
    journalOf({
      state: sandbox ? join(state, 'sandbox') : state,
      accountId,
      keys,
      now: Date.now,
      redactor: createRedactor(),
      onProblem: (problem) => note(`warning: ${problem}`),
    });
  const unused = async () => {
    const now = Date.now();
    return (await store.all()).filter(
      ({ state: its, askedAt }) => (its === 'open' || its === 'approved') && now - askedAt <= approvalTime,
    );
  };
  return {
    isShared: shared !== undefined,
    directory: shared === undefined ? join(state, 'approvals') : 'the shared store',
    unused,
    open: async () => (await unused()).filter((record) => record.state === 'open'),
    async approve(record, by) {
      const done = await store.approve(record.id, { by, channel: 'terminal', at: Date.now() });
      if (done) await journal(record).event('approval_decided', { ...facts(record), decision: 'approved', by });
      return done;
    },
    async end(record, how, by) {
      const done = await store.end(record.id, how);
      if (done) await journal(record).event('approval_decided', { ...facts(record), decision: how, by });
      return done;
    },
  };
}

const facts = ({ id, action, caller }: ApprovalRecord) => ({ approval: id, action, caller, channel: 'terminal' });
