/**
 * The record of what this program did to an account: an intent before a write is sent, an outcome after it. What cannot
 * be recorded is refused. `journal/` has the parts: the chain, the file, reading it, proving it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Risk } from '../../tools/action.js';
import { ActionError, failed } from '../core/errors.js';
import { createChain, type Fields } from './journal/chain.js';
import { createLogFile, type Disk } from './journal/log-file.js';
import { type IntentFacts, intentRecord, type OutcomeFacts, recordable } from './journal/records.js';
import { type Recent, recentIntents, type Unsettled, unknownWrites } from './journal/tail.js';
import type { Keys } from './keys.js';
import { ownIdentity } from './process-identity.js';
import { overLimit, type VelocityLimit } from './velocity.js';

export type { IntentFacts, OutcomeFacts } from './journal/records.js';
export type { Recent, Unsettled } from './journal/tail.js';

export interface Journal {
  /**
   * Appends the intent and syncs it. Throws a `storage` failure when it cannot, and a `throttled` one with the code
   * VELOCITY when the limit is reached: checked under the lock, so that no two calls take the last place.
   */
  intent(facts: IntentFacts, limit?: VelocityLimit): Promise<Entry>;
  /** Something worth knowing that is not a write. Never throws; a failure is told to `onProblem`. */
  event(type: string, facts: Fields): Promise<void>;
  /** Intents of these risks in the last minutes, by any process, newest last. Throws a `storage` failure. */
  recent(risks: readonly Risk[], minutes: number): Promise<readonly Recent[]>;
  /** Writes without an outcome that are not this journal's own, newest last. */
  unsettled(): Promise<readonly Unsettled[]>;
  /** Records what a person found out about a write of unknown outcome. Throws a `storage` failure. */
  settle(id: string, outcome: 'applied' | 'not_applied', by: string): Promise<void>;
  /** Resolves when no event is being recorded: calls do not wait for theirs, the end of the process has to. */
  idle(): Promise<void>;
}

export interface Entry {
  readonly id: string;
  /** Throws a `storage` failure when it cannot be recorded; the write itself is done by then. */
  outcome(facts: OutcomeFacts): Promise<void>;
}

export interface JournalOptions {
  /** `<account_id>.jsonl`, in a folder that holds journals only. */
  readonly file: string;
  readonly keys: Keys;
  readonly accountId: string;
  /** Which actions there were, so that a name in a record can be understood later. */
  readonly catalogueHash: () => string;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly scrub: <T>(value: T) => T;
  readonly onProblem: (message: string) => void;
  readonly instance?: string;
  readonly disk?: Disk;
}

/** What only this file may write: an event of that name would pass for one. */
const reserved = ['intent', 'outcome', 'repair'];

export function createJournal(options: JournalOptions): Journal {
  const { file, keys, accountId, catalogueHash, now, scrub, onProblem } = options;
  const instance = options.instance ?? randomBytes(6).toString('hex');

  const record = (type: string, id: string, facts: Fields): Fields => ({
    time: new Date(now()).toISOString(),
    type,
    id,
    ...ownIdentity,
    instance,
    account_id: accountId,
    ...facts,
    catalogue: catalogueHash(),
  });

  const log = createLogFile({
    file,
    chain: async () => createChain(await keys.derive('journal'), accountId),
    repair: (tornBytes) => record('repair', randomUUID(), { torn_bytes: tornBytes }),
    ...(options.disk !== undefined && { disk: options.disk }),
  });

  const allow = async (limit: VelocityLimit, time: number) => {
    const refusal = overLimit(limit, await recentIntents(file, limit.risks, limit.minutes, time), time);
    if (refusal !== undefined) throw refusal;
  };

  const underWay = new Set<Promise<void>>();

  const note = async (type: string, facts: Fields): Promise<void> => {
    try {
      if (reserved.includes(type)) throw new TypeError(`An event cannot have the type ${type}.`);
      await log.append(record(scrub(type), randomUUID(), { facts: recordable(facts, scrub) }));
    } catch (error) {
      onProblem(`An event was not recorded in the journal: ${wordsOf(error, file)}`);
    }
  };

  return {
    async intent(facts, limit) {
      const id = randomUUID();
      // Before anything is written, so that arguments that cannot be recorded end the call.
      const recorded = intentRecord(facts, scrub);
      await saying('Nothing was sent: the write cannot be recorded', file, () =>
        log.append(record('intent', id, recorded), limit && (() => allow(limit, now()))),
      );
      return {
        id,
        outcome: (outcome) =>
          saying('The outcome of the write cannot be recorded', file, () =>
            log.append(record('outcome', id, recordable({ ...outcome }, scrub))),
          ),
      };
    },
    event(type, facts) {
      const noted = note(type, facts);
      underWay.add(noted);
      return noted.finally(() => underWay.delete(noted));
    },
    recent: (risks, minutes) =>
      saying('Nothing was sent: the limit cannot be checked', file, () => recentIntents(file, risks, minutes, now())),
    unsettled: () => unknownWrites(file, { except: instance }),
    settle: (id, outcome, by) =>
      saying('It cannot be recorded', file, () =>
        log.append(record('outcome', id, recordable({ outcome, settled_by: by }, scrub))),
      ),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function saying<T>(what: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ActionError && error.failure.kind !== 'storage') throw error;
    const known = error instanceof ActionError ? error.failure : undefined;
    // Without a code it is no trouble with the disk but a bug.
    if (known === undefined && (error as NodeJS.ErrnoException).code === undefined) throw error;
    const rest = {
      code: known?.code ?? 'JOURNAL',
      retryable: known?.retryable ?? false,
      next:
        known?.next ??
        'Make the folder of the journal writable for this user and no other (0700), with room on its disk.',
    };
    throw failed('storage', `${what}. ${wordsOf(error, file)}`, rest, error);
  }
}

function wordsOf(error: unknown, file: string): string {
  if (error instanceof ActionError) return error.failure.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? String(error) : `The journal ${file} cannot be written (${code}).`;
}
