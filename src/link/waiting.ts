/**
 * The questions that wait for a person on this machine, of all accounts, and the journals they belong to. Every place
 * where a person decides outside the client settles them here.
 */
import { join } from 'node:path';
import { createApprovalStore, journalOf } from '../app-guard.js';
import { createRedactor } from '../core/redact.js';
import { type ApprovalRecord, approvalTime, type Ending } from '../guard/approvals.js';
import type { Keys } from '../guard/keys.js';
import type { SharedStore } from '../store/shared.js';

export interface Waiting {
  readonly directory: string;
  /** In a store, not in files. */
  readonly isShared: boolean;
  /** Those nobody has settled, and which are not too old. */
  open(): Promise<readonly ApprovalRecord[]>;
  /** Those that are approved and not yet used, too. */
  unused(): Promise<readonly ApprovalRecord[]>;
  /** False where it is settled already. */
  approve(record: ApprovalRecord, by: string): Promise<boolean>;
  end(record: ApprovalRecord, how: Ending, by: string): Promise<boolean>;
}

export interface WaitingParts {
  /** Folder of all accounts' files. */
  readonly state: string;
  readonly keys: Keys;
  readonly shared: Pick<SharedStore, 'approvals'> | undefined;
  /** Where the person is who decides. */
  readonly channel: 'terminal' | 'page';
  readonly onProblem: (problem: string) => void;
}

export function openWaiting({ state, keys, shared, channel, onProblem }: WaitingParts): Waiting {
  const store = shared?.approvals ?? createApprovalStore(state, keys);
  const note = (record: ApprovalRecord, decision: string, by: string) => {
    const { id, action, caller, sandbox, accountId } = record;
    const journal = journalOf({
      state: sandbox ? join(state, 'sandbox') : state,
      accountId,
      keys,
      now: Date.now,
      redactor: createRedactor(),
      onProblem,
    });
    return journal.event('approval_decided', { approval: id, action, caller, channel, decision, by });
  };
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
      const done = await store.approve(record.id, { by, channel, at: Date.now() });
      if (done) await note(record, 'approved', by);
      return done;
    },
    async end(record, how, by) {
      const done = await store.end(record.id, how);
      if (done) await note(record, how, by);
      return done;
    },
  };
}
