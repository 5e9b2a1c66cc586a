/**
 * One write from its parsed arguments to its result: guarded, journaled before it is sent and after, with an undo note,
 * its secret in the sink. Or its plan, which sends nothing.
 */
import type { Arguments, HttpAction, Look, Risk } from '../tools/action.js';
import { type CallOptions, callTime, type Result } from './call.js';
import { ActionError, failed } from './core/errors.js';
import { isObject, parseJson } from './core/json.js';
import { buildRequest } from './core/wire.js';
import type { Clock } from './databricks/session.js';
import type { Guard, GuardedCall, Passed, Prospect } from './guard/gate.js';
import type { Entry, Journal, OutcomeFacts } from './guard/journal.js';
import type { Minting } from './guard/minting.js';
import type { UndoNote, UndoNotes } from './guard/undo.js';
import { isCounted, type SharedVelocity } from './guard/velocity.js';
import { difference, isWords } from './guard/wording.js';
import { mayLockOut, type WriteRecord, type Writer } from './write.js';

/** A write as the executor has it in hand. */
export interface Change {
  readonly action: HttpAction;
  readonly input: Arguments;
  /** `deadline` on the clock's scale. */
  readonly look: (deadline: number) => Look;
  readonly options: CallOptions;
  /** Sends it once and reads its answer; `deadline` on the clock's scale. */
  readonly send: (deadline: number | undefined) => Promise<Result>;
  readonly deadline: number;
  /** Databricks' id of the request, once an answer has come. */
  readonly requestId: () => string | undefined;
}

export interface ChangeParts {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly journal: Journal;
  readonly undo: UndoNotes;
  readonly minting: Minting;
  readonly writer: Writer;
  /** Where other replicas work on the same account: limits they share, and nothing known of what they have sent. */
  readonly velocity?: SharedVelocity;
  readonly accountId: () => string;
  /** Told where an outcome is known but could not be recorded. */
  readonly onUnrecorded: (action: HttpAction, error: unknown) => void;
}

export interface Changes {
  /** Throws `ActionError`. */
  make(change: Change): Promise<Result>;
  /** What `make` would do. */
  plan(change: Change): Promise<Result>;
  /** A write of this server's own accord, such as taking back a secret: journaled, without a gate. */
  makeUnasked(change: Change, reason: string): Promise<Result>;
}

export function createChanges(parts: ChangeParts): Changes {
  const { clock, journal } = parts;

  /**
   * Counts beginnings and ends of changes that could lock out. Two of them may each be harmless and not both, so one
   * that was looked at before the other ended is looked at again; the writer sends them one after another.
   */
  let moves = 0;

  const guarded = ({ action, input, look, options }: Change, deadline?: number): GuardedCall => ({
    action,
    input,
    look: () => look(deadline ?? clock.now() + callTime),
    caller: options.caller ?? unnamed,
    ready: async () => {
      await parts.minting.prepare(action, input);
      if (action.effect !== 'create') await parts.undo.ready();
    },
    ...(options.policy !== undefined && { policy: options.policy }),
    ...(options.client !== undefined && { client: options.client }),
    ...(options.form !== undefined && { form: options.form }),
  });

  /** Intent before the sending, outcome after it, whoever is still waiting by then. */
  const recorded = (change: Change, passed: Partial<Passed>, lookAgain: () => Promise<void>, reason?: string) => {
    const { action, input, options, requestId } = change;
    const step = mayLockOut(action) ? 1 : 0;
    let entry: Entry | undefined;
    let started = 0;
    const taken = async (risk: Risk, limit: Passed['limit'], unasked: string | undefined) => {
      try {
        return await parts.velocity?.take(risk, limit);
      } catch (error) {
        // What this server does of its own accord is counted where it can be, and done in any case.
        if (unasked === undefined) throw error;
        return undefined;
      }
    };
    return {
      ...(reason !== undefined && { isUrgent: true }),
      begin: async (existing: readonly string[] | undefined) => {
        await lookAgain();
        moves += step;
        const { risk = action.risk, impact, approval, limit } = passed;
        const facts = {
          action: action.id,
          risk,
          caller: options.caller ?? unnamed,
          arguments: input,
          ...(options.client !== undefined && { client: options.client }),
          ...(impact?.target !== undefined && { target: impact.target }),
          ...(approval && { approval: { id: approval.id, channel: approval.channel, by: approval.by } }),
          ...(action.settle && { check: { tool: action.settle.read.id, arguments: action.settle.args(input) } }),
          ...(existing !== undefined && { existing }),
          ...(reason !== undefined && { reason }),
        };
        // Taken before the journal's own: of two replicas that each see room in theirs, one may go.
        const giveBack = isCounted(risk) ? await taken(risk, limit, reason) : undefined;
        try {
          entry = await journal.intent(facts, limit);
        } catch (error) {
          await giveBack?.();
          throw error;
        }
        started = clock.now();
      },
      end: async (result: Result | undefined, error: unknown) => {
        moves += step;
        const facts = { ...outcomeFacts(action, result, error), ...known('request_id', requestId()) };
        try {
          await entry?.outcome({ ...facts, duration_ms: Math.round(clock.now() - started) });
        } catch (unrecorded) {
          parts.onUnrecorded(action, unrecorded);
        }
      },
    };
  };

  const carryOut = (change: Change, deadline: number, record: WriteRecord) => {
    const { action, input, options, send } = change;
    const run = { deadline, ...(options.signal && { signal: options.signal }) };
    return parts.writer.write(action, input, run, () => send(deadline), record);
  };

  const pass = async (change: Change): Promise<Passed> => {
    try {
      return await parts.guard.pass(guarded(change));
    } catch (error) {
      const { action, input, deadline, options } = change;
      const isObstacle = error instanceof ActionError && error.failure.code === 'OBSTACLE';
      if (!isObstacle || action.effect !== 'create') throw error;
      const run = { deadline, ...(options.signal && { signal: options.signal }) };
      throw await parts.writer.inTheWay(error, action, input, run);
    }
  };

  return {
    async make(change) {
      const { action, input, options } = change;
      const seen = moves;
      const passed = await pass(change);
      if (options.signal?.aborted) throw failed('cancelled', 'The call was cancelled before anything was sent.');
      const { waited = false } = passed.approval ?? {};
      // What was ready before a person was asked may not be any more.
      if (waited) await parts.minting.prepare(action, input);
      const undo = passed.impact && (await parts.undo.keep(action, input, passed.impact, parts.accountId()));
      // A person's time to think is not the call's.
      const deadline = waited ? clock.now() + callTime : change.deadline;
      const lookAgain = async () => {
        if (mayLockOut(action) && (moves !== seen || parts.velocity !== undefined))
          await parts.guard.recheck(guarded(change, deadline));
      };
      return withUndo(await carryOut(change, deadline, recorded(change, passed, lookAgain)), undo);
    },
    makeUnasked: (change, reason) =>
      carryOut(
        change,
        change.deadline,
        recorded(change, {}, async () => {}, reason),
      ),
    async plan(change) {
      const { action, input } = change;
      const { method, path, body } = buildRequest(action, input, parts.accountId());
      const prospect = await parts.guard.foresee(guarded(change));
      return {
        data: { request: { method, path, ...known('body', body && parseJson(body)) }, ...planned(prospect) },
        plan: true,
      };
    },
  };
}

const unnamed = 'local';

const withUndo = (result: Result, undo: UndoNote | undefined): Result =>
  undo === undefined ? result : { ...result, undo };

const known = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

/** What a plan tells besides the request. */
function planned({ gate, risk, impact, refusal }: Prospect): Record<string, unknown> {
  const { target, facts = [], before, after, reversible, reversal, undo } = impact ?? {};
  const changes = before === undefined || after === undefined ? [] : difference(before, after);
  return {
    risk,
    approval: gate === 'ask' ? 'a person is asked first' : 'not needed',
    ...(refusal !== undefined && { refused: { code: refusal.failure.code, message: refusal.failure.message } }),
    ...known('target', target),
    ...(facts.length > 0 && {
      facts: Object.fromEntries(facts.map(({ label, value }) => [label, isWords(value) ? value.words : value])),
    }),
    ...(changes.length > 0 && { changes }),
    ...known('reversible', reversible),
    ...known('reversal', reversal),
    ...known('undo', undo),
  };
}

function outcomeFacts(
  action: HttpAction,
  result: Result | undefined,
  error: unknown,
): Omit<OutcomeFacts, 'duration_ms'> {
  if (result !== undefined) {
    const id = action.settle?.as === 'created' && isObject(result.data) ? result.data[action.settle.id] : undefined;
    return {
      outcome: 'applied',
      ...(id !== undefined && { object: String(id) }),
      ...(result.note !== undefined && { note: result.note }),
    };
  }
  if (!(error instanceof ActionError)) return { outcome: 'unknown', error: { kind: 'unexpected' } };
  const { kind, code, status, sent, requestId } = error.failure;
  return {
    outcome: sent === 'maybe' ? 'unknown' : 'not_applied',
    error: { kind, ...(code !== undefined && { code }), ...(status !== undefined && { status }) },
    ...(requestId !== undefined && { request_id: requestId }),
  };
}
