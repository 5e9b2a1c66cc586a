/** Composes what stands between a call and a change for one account: policy's gate, approvals, journal, undo, secrets. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Redactor } from './core/redact.js';
import type { Configuration } from './databricks/config.js';
import type { Clock } from './databricks/session.js';
import { createApprovalFiles } from './guard/approval-files.js';
import { type ApprovalStore, createApprovals } from './guard/approvals.js';
import { createGuard, type Guard } from './guard/gate.js';
import { createJournal, type Journal } from './guard/journal.js';
import type { Keys } from './guard/keys.js';
import type { Policy } from './guard/policy.js';
import { createCommandSink } from './guard/secret-command.js';
import { createFileSink } from './guard/secret-files.js';
import { createReturnSink, type SecretSink } from './guard/secrets.js';
import { servedHub } from './guard/served-hubs.js';
import { createUndoNotes, type UndoNotes } from './guard/undo.js';
import type { SharedVelocity } from './guard/velocity.js';
import { listing } from './listing.js';
import type { Log } from './log.js';
import type { SharedStore } from './store/shared.js';
import { createSharedTurns, type SharedTurns } from './store/turns.js';
import { createSharedVelocity } from './store/velocity.js';

export interface Guarding {
  readonly guard: Guard;
  /** What replicas share, where there are several. */
  readonly velocity?: SharedVelocity;
  readonly turns?: SharedTurns;
  readonly journal: Journal;
  readonly undo: UndoNotes;
  readonly secrets: SecretSink;
}

export interface GuardingParts {
  readonly configuration: Configuration;
  readonly policy: Policy;
  readonly sandbox: boolean;
  /** Folder of this account's files, and of all accounts'. */
  readonly state: string;
  readonly root: string;
  readonly keys: Keys;
  readonly approvals: ApprovalStore;
  /** Where replicas share one. */
  readonly store?: SharedStore | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How a person runs this program in a terminal. */
  readonly program: string;
  /** What that command ends with where the files are not at the customary place. */
  readonly elsewhere: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Log;
  /** Where new secrets go instead of where the policy says. */
  readonly secretSink?: SecretSink | undefined;
  readonly observer?: { approval(event: string): void };
}

export function createGuarding(parts: GuardingParts): Guarding {
  const { configuration, policy, sandbox, state, clock, log } = parts;
  const { scrubValue: scrub } = parts.redactor;
  // Without an account nothing gets as far as the guard.
  const { accountId = 'none', host = '', cloud = '', clientId = '' } = configuration;
  const journal = journalOf({
    state,
    accountId,
    keys: parts.keys,
    now: clock.date,
    redactor: parts.redactor,
    onProblem: (problem) => log.warn('journal', { problem }),
  });
  const approvals = createApprovals({
    store: parts.approvals,
    now: clock.now,
    date: clock.date,
    newId,
    approveIn: policy.approveIn,
    command: (id) => `${parts.program} approve ${id}${parts.elsewhere}`,
    page: async () => {
      const base = await servedHub(parts.root);
      return base && `${base}/hub/approvals`;
    },
    onEvent: (event, { id, action, caller }, facts) => {
      parts.observer?.approval(event);
      void journal.event(event, { approval: id, action, caller, ...facts });
    },
  });
  const account = { id: accountId, host, cloud, clientId, sandbox };
  const shared = parts.store && {
    velocity: createSharedVelocity(parts.store.link, accountId),
    turns: createSharedTurns(parts.store.link, accountId, clock.now),
  };
  return {
    journal,
    ...shared,
    guard: createGuard({
      policy,
      approvals,
      journal,
      account,
      scrub,
      date: clock.date,
      ...(shared && { velocity: shared.velocity }),
    }),
    undo: createUndoNotes(join(state, 'undo'), clock.date, scrub),
    secrets: sinkOf(parts),
  };
}

/** Where minted secrets go: fixed at the start, by the operator. */
function sinkOf({ policy, state, env, redactor, log, secretSink }: GuardingParts): SecretSink {
  if (secretSink !== undefined) return secretSink;
  if (policy.returnSecrets) return createReturnSink();
  if (policy.secretCommand === undefined) return createFileSink(join(state, 'secrets'));
  return createCommandSink({
    command: policy.secretCommand,
    env,
    scrub: redactor.scrub,
    onMessage: (facts) => log.warn('secret_command', facts),
  });
}

/** The journal of an account whose files are in `state`. */
export const journalOf = ({ state, accountId, keys, now, redactor, onProblem }: JournalParts): Journal =>
  createJournal({
    file: join(state, 'journal', `${accountId}.jsonl`),
    keys,
    accountId,
    catalogueHash: () => listing().hash,
    now,
    scrub: redactor.scrubValue,
    onProblem,
  });

export interface JournalParts {
  readonly state: string;
  readonly accountId: string;
  readonly keys: Keys;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly redactor: Redactor;
  readonly onProblem: (message: string) => void;
}

/** Questions of all accounts wait in one place, so that a person finds them without naming one. */
export const createApprovalStore = (directory: string, keys: Keys): ApprovalStore =>
  createApprovalFiles({
    directory: join(directory, 'approvals'),
    key: () => keys.derive('approvals'),
    date: Date.now,
  });

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Short enough to type; no secret: knowing it approves nothing. */
const newId = () => Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('');
