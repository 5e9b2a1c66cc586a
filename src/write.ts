/**
 * One write from before it is sent until its outcome is known: looks what is there already, sends once, and settles a
 * lost answer by reading. A caller that gives up is let go; the write itself is followed to its end.
 */
import type { Arguments, HttpAction } from '../tools/action.js';
import type { Result } from './call.js';
import { ActionError, failed } from './core/errors.js';
import { encodeJson, isObject } from './core/json.js';
import type { Clock, Run } from './databricks/session.js';
import { existing, lookBefore, type SettleParts, settleWrite } from './settle.js';

export interface WriterParts {
  readonly clock: Clock;
  readonly read: (action: HttpAction, args: Arguments, run: Run) => Promise<unknown>;
  /** Told how a write ended whose caller was gone by then. */
  readonly onAbandoned: (action: HttpAction, outcome: 'applied' | 'not_applied' | 'unknown') => void;
}

export interface Writer {
  /** `send` sends the request once and reads its answer. Throws `ActionError`. */
  write(action: HttpAction, input: Arguments, run: Run, send: () => Promise<Result>): Promise<Result>;
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

  const carryOut = async (action: HttpAction, input: Arguments, run: Run, send: () => Promise<Result>) => {
    // Looking needs no caller: it is part of finding out what became of the write.
    const { signal: _, ...unattended } = run;
    const look: SettleParts['read'] = (read, args) => parts.read(read, args, unattended);
    const isOurs = (id: string) => made.has(`${action.id} ${id}`);
    const before = await lookBefore(action.settle, input, (read, args) => parts.read(read, args, run));
    const sentAt = parts.clock.date();
    const key = `${action.id} ${encodeJson(input)}`;
    try {
      return claim(action, await send());
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      const { failure } = error;
      if (failure.kind === 'conflict' && action.effect === 'create')
        throw await collision(error, action, input, key, look);
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

  /** Creates that would be looked for in the same place go one after another: of twins under way none knows its own. */
  const inTurn = (action: HttpAction, input: Arguments, start: () => Promise<Result>): Promise<Result> => {
    if (action.settle?.as !== 'created') return start();
    const place = `${action.id} ${encodeJson(action.settle.args(input))}`;
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
  const collision = async (
    error: ActionError,
    action: HttpAction,
    input: Arguments,
    key: string,
    look: SettleParts['read'],
  ): Promise<ActionError> => {
    const found = await existing(action.settle, input, look);
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
    async write(action, input, run, send) {
      const work = inTurn(action, input, () => carryOut(action, input, run, send));
      underWay.add(work);
      const done = () => underWay.delete(work);
      work.then(done, done);
      return run.signal === undefined ? work : untilCancelled(work, run.signal, () => follow(action, work, parts));
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

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
