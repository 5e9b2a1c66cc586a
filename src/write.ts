/**
 * One write from before it is sent until its outcome is known: looks what is there already, sends once, and settles a
 * lost answer by reading. A caller that gives up is let go; the write itself is followed to its end.
 */
import type { Arguments, HttpAction } from '../tools/action.js';
import type { Result } from './call.js';
import { ActionError, failed } from './core/errors.js';
import { encodeJson, isObject } from './core/json.js';
import type { Clock, Run } from './databricks/session.js';
import { type Before, existing, lookBefore, type SettleParts, settleWrite } from './settle.js';

export interface WriterParts {
  readonly clock: Clock;
  readonly read: (action: HttpAction, args: Arguments, run: Run) => Promise<unknown>;
  /** Told how a write ended whose caller was gone by then. */
  readonly onAbandoned: (action: HttpAction, outcome: 'applied' | 'not_applied' | 'unknown') => void;
  readonly turns?: Turns;
}

/** One after another over all replicas, for what could lock out. */
export interface Turns {
  /** Throws where no turn can be had; nothing is sent then. `check` throws where the turn is lost. */
  inTurn<T>(work: (check: () => void) => Promise<T>): Promise<T>;
}

/** Told just before a write is sent, and how it ended, whether or not its caller is still there. */
export interface WriteRecord {
  /** Waits for nobody: a secret that is taken back locks nobody out, and must be taken back whatever else is down. */
  readonly isUrgent?: boolean;
  /** `existing`: ids that already looked like what a create is about to make. What it throws ends the write unsent. */
  begin(existing: readonly string[] | undefined): Promise<void>;
  /** Must not throw. */
  end(result: Result | undefined, error: unknown): Promise<void>;
}

export interface Writer {
  /** `send` sends the request once and reads its answer. Throws `ActionError`. */
  write(
    action: HttpAction,
    input: Arguments,
    run: Run,
    send: () => Promise<Result>,
    record: WriteRecord,
  ): Promise<Result>;
  /** What stands in a create's way, found out before it was sent: named as if Databricks had refused it. */
  inTheWay(error: ActionError, action: HttpAction, input: Arguments, run: Run): Promise<ActionError>;
  /** Resolves when no write is under way, abandoned ones included. */
  idle(): Promise<void>;
}

/** Calls of unknown outcome that are remembered, to tell a later collision from a stranger's object. */
const ledgerSize = 200;

/** Ids of objects made by this process that are remembered. */
const madeSize = 5_000;

export function createWriter(parts: WriterParts): Writer {
  const ledger = new Map<string, string>();
  const made = new Set<string>();
  const queues = new Map<string, Promise<unknown>>();
  const underWay = new Set<Promise<Result>>();

  const carryOut = async (
    action: HttpAction,
    input: Arguments,
    run: Run,
    send: () => Promise<Result>,
    record: WriteRecord,
    check: () => void,
  ) => {
    const before = await lookBefore(action.settle, input, (read, args) => parts.read(read, args, run));
    await record.begin(before && [...before]);
    try {
      check();
      const result = await sendAndSettle(action, input, run, send, before);
      await record.end(result, undefined);
      return result;
    } catch (error) {
      await record.end(undefined, error);
      throw error;
    }
  };

  const sendAndSettle = async (
    action: HttpAction,
    input: Arguments,
    run: Run,
    send: () => Promise<Result>,
    before: Before,
  ) => {
    // Looking needs no caller: it is part of finding out what became of the write.
    const { signal: _, ...unattended } = run;
    const look: SettleParts['read'] = (read, args) => parts.read(read, args, unattended);
    const isOurs = (id: string) => made.has(`${action.id} ${id}`);
    const sentAt = parts.clock.date();
    const key = keyOf(action, input);
    try {
      return claim(action, await send());
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      const { failure } = error;
      if (failure.kind === 'conflict' && action.effect === 'create')
        throw collision(error, key, await existing(action.settle, input, look));
      // A secret that could not be stored was made: there is nothing to find out.
      if (failure.sent === 'no' || failure.kind === 'storage') throw error;
      remember(key, sentAt);
      const settled = await settleWrite(action, input, failure, sentAt, before, {
        clock: parts.clock,
        read: look,
        repeat: send,
        isOurs,
      });
      ledger.delete(key);
      return claim(action, settled);
    }
  };

  /** Remembers what a create made, so that no other create takes it for its own. */
  const claim = (action: HttpAction, result: Result): Result => {
    const id = action.settle?.as === 'created' && isObject(result.data) ? result.data[action.settle.id] : undefined;
    if (typeof id !== 'string' && typeof id !== 'number') return result;
    made.add(`${action.id} ${id}`);
    for (const oldest of made) {
      if (made.size <= madeSize) break;
      made.delete(oldest);
    }
    return result;
  };

  const inTurn = (action: HttpAction, input: Arguments, start: () => Promise<Result>): Promise<Result> => {
    const place = placeOf(action, input);
    if (place === undefined) return start();
    const turn = (queues.get(place) ?? Promise.resolve()).then(start, start);
    const done = turn
      .catch(() => {})
      .then(() => {
        if (queues.get(place) === done) queues.delete(place);
      });
    queues.set(place, done);
    return turn;
  };

  const remember = (key: string, sentAt: number) => {
    ledger.set(key, new Date(sentAt).toISOString());
    for (const oldest of ledger.keys()) {
      if (ledger.size <= ledgerSize) break;
      ledger.delete(oldest);
    }
  };

  /** Names what a create collided with, and whether an earlier call of ours may have made it. */
  const collision = (
    error: ActionError,
    key: string,
    found: Readonly<Record<string, string>> | undefined,
  ): ActionError => {
    const earlier = ledger.get(key);
    if (found === undefined && earlier === undefined) return error;
    return new ActionError(
      {
        ...error.failure,
        ...(found !== undefined && { existing: found }),
        ...(earlier !== undefined && {
          message: `It exists already, probably from your earlier call at ${earlier}, whose outcome was unknown.`,
        }),
      },
      { cause: error },
    );
  };

  return {
    async write(action, input, run, send, record) {
      const work = inTurn(action, input, () => {
        const start = (check: () => void) => carryOut(action, input, run, send, record, check);
        const turns = record.isUrgent === true || !mayLockOut(action) ? undefined : parts.turns;
        return turns === undefined ? start(() => {}) : turns.inTurn(start);
      });
      underWay.add(work);
      const done = () => underWay.delete(work);
      work.then(done, done);
      return run.signal === undefined ? work : untilCancelled(work, run.signal, () => follow(action, work, parts));
    },
    async inTheWay(error, action, input, run) {
      const found = await existing(action.settle, input, (read, args) => parts.read(read, args, run));
      // Without an object to name it is a limit or a rule, and no earlier call is to blame.
      return found === undefined ? error : collision(error, keyOf(action, input), found);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

/**
 * Whether it could take away what another one relies on: of two that each leave the last way in, only one may go through.
 * Not what makes a secret, which may have to wait for its own taking back.
 */
export const mayLockOut = ({ effect, risk, secret }: HttpAction): boolean =>
  (risk === 'privilege' || risk === 'destructive') && effect !== 'add' && secret === undefined;

/**
 * What has the same place goes one after another: what could lock out, and creates that would be looked for in the same
 * place, since of twins under way none knows its own.
 */
function placeOf(action: HttpAction, input: Arguments): string | undefined {
  if (mayLockOut(action)) return 'ways in';
  return action.settle?.as === 'created' ? `${action.id} ${encodeJson(action.settle.args(input))}` : undefined;
}

const keyOf = (action: HttpAction, input: Arguments) => `${action.id} ${encodeJson(input)}`;

async function untilCancelled(work: Promise<Result>, signal: AbortSignal, onAbandoned: () => void): Promise<Result> {
  let leave = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      onAbandoned();
      reject(
        failed('cancelled', 'The call was cancelled; if it had been sent, it may still take effect.', {
          sent: 'maybe',
        }),
      );
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function follow(action: HttpAction, work: Promise<Result>, { onAbandoned }: WriterParts): void {
  work.then(
    () => onAbandoned(action, 'applied'),
    (error: unknown) => {
      const unsent = error instanceof ActionError && error.failure.sent === 'no';
      onAbandoned(action, unsent ? 'not_applied' : 'unknown');
    },
  );
}
