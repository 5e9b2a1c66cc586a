/**
 * The shared executor: every call of every action, from MCP, the command line or another action, goes through
 * `execute`. It validates, asks whether the action is open, sends, reads and reports. Writes go through `change.ts`.
 */
import { setMaxListeners } from 'node:events';
import type { Action, Arguments, Exchange, HttpAction } from '../tools/action.js';
import type { Access } from './access.js';
import { type CallOptions, callTime, type Result } from './call.js';
import { type Change, type ChangeParts, createChanges } from './change.js';
import { collectPages, lookLimits } from './collect.js';
import { createCircuit } from './core/circuit.js';
import { ActionError, type Failure, failed } from './core/errors.js';
import { type ParsedInput, parseInput } from './core/input.js';
import { encodeJson, isObject, isTooDeep, parseJson } from './core/json.js';
import { canCollect } from './core/schema.js';
import { buildRequest, readAnswer } from './core/wire.js';
import type { Connection } from './databricks/config.js';
import type { Clock, Run, Session } from './databricks/session.js';
import { downloadUsage } from './download.js';
import { createMinting } from './guard/minting.js';
import type { SecretSink } from './guard/secrets.js';
import { createLook, tooMuchToCheck } from './look.js';
import { createWriter, type WriterParts } from './write.js';

export interface Executor {
  /** Throws `ActionError`; anything else is a bug. */
  execute(action: Action, args: unknown, options?: CallOptions): Promise<Result>;
  /** Resolves when no write is under way, those whose caller has gone included. */
  idle(): Promise<void>;
}

export interface ExecutorParts extends Pick<ChangeParts, 'guard' | 'journal' | 'undo' | 'velocity' | 'onUnrecorded'> {
  /** Where other replicas work on the same account: one after another. */
  readonly turns?: WriterParts['turns'];
  readonly access: Access;
  /** Throws a `configuration` failure that says what to set. */
  readonly connection: () => Connection;
  readonly session: () => Session;
  /** Signs in if need be and returns the granted scopes. */
  readonly signIn: (signal?: AbortSignal) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly secrets: SecretSink;
  /** Addresses from which Databricks sees this server, where the operator has told. */
  readonly ownAddresses: readonly string[] | undefined;
  /** Folder for downloaded usage files. */
  readonly usageDirectory: string;
  /** Told each secret value before it can reach any output. */
  readonly onSecret: (value: string) => void;
  /** Told how a write ended whose caller was gone by then. */
  readonly onAbandoned?: WriterParts['onAbandoned'];
}

export function createExecutor(parts: ExecutorParts): Executor {
  const { access, clock } = parts;

  const circuit = createCircuit();

  const execute = async (action: Action, args: unknown, options: CallOptions = {}): Promise<Result> => {
    const parsed = parseInput(action, args);
    const opening = access.under(options.policy);
    if (!opening.isOpen(action)) throw opening.refusal(action);
    // Of what failed for one caller, another is told nothing.
    const call = `${action.id} ${encodeJson([options.caller ?? '', parsed.given, parsed.all, parsed.dryRun])}`;
    const broken = circuit.check(call, clock.now());
    if (broken !== undefined) throw shortCircuit(broken.failure, broken.seconds);
    try {
      const result = await perform(action, parsed, options);
      circuit.succeeded(call);
      const { given, all, full, fields, from } = parsed;
      return { ...result, selection: { given, all, full, from, ...(fields && { fields }) } };
    } catch (error) {
      if (error instanceof ActionError && countsAsFailing(error)) circuit.failed(call, error.failure, clock.now());
      throw error;
    }
  };

  const perform = async (action: Action, parsed: ParsedInput, options: CallOptions): Promise<Result> => {
    const { given, input, all, dryRun } = parsed;
    const { accountId, clientId } = parts.connection();
    // A look at an account may be a dozen reads at once, all of which wait for the same signal.
    if (options.signal !== undefined) setMaxListeners(0, options.signal);
    const run = { ...newRun(clock.now() + callTime, options.signal), caller: options.caller ?? '' };
    if (options.signal?.aborted) throw failed('cancelled', 'The call was cancelled before anything was sent.');

    if (action.kind === 'derived') {
      const exchanges: Exchange[] = [];
      const outcome = await action.run(
        {
          accountId,
          clientId,
          exchanges,
          grantedScopes: () => parts.signIn(options.signal),
          call: (inner, innerArgs) => {
            const opening = access.under(options.policy);
            if (!opening.isOpen(inner, action)) throw opening.refusal(inner, action);
            return request(inner, parseInput(inner, innerArgs), run, exchanges);
          },
          notFound: (message) => {
            throw failed('not_found', message);
          },
        },
        input,
      );
      return { ...outcome, enveloped: true };
    }
    if (action.returns.as === 'csv') {
      const request = buildRequest(action, input, accountId);
      return downloadUsage(parts.session(), request, input, parts.usageDirectory, options);
    }
    if (action.effect !== 'read') {
      const change = changeOf(action, parsed, run, options);
      return dryRun ? changes.plan(change) : changes.make(change);
    }
    if (!all) return request(action, parsed, run);
    return collectPages(clock, options, given, (pageArgs) => request(action, parseInput(action, pageArgs), run));
  };

  const changeOf = (action: HttpAction, parsed: ParsedInput, run: CallRun, options: CallOptions): Change => ({
    action,
    input: parsed.input,
    options,
    look: (deadline) => {
      const patience = newRun(deadline, options.signal);
      return createLook({
        connection: parts.connection(),
        ownAddresses: parts.ownAddresses,
        // Under the operator's policy: a caller's own limits must not hide from a person what a call would touch.
        isOpen: (read) => access.isOpen(read),
        read: (read, args) => readAll(read, args, patience),
      });
    },
    deadline: run.deadline ?? clock.now() + callTime,
    send: (deadline) => request(action, parsed, { ...run, ...(deadline !== undefined && { deadline }) }),
    requestId: () => run.seen.requestId,
  });

  /** Reads for a write's sake: lists to their end, null where nothing is found. Throws where a list has no end. */
  const readAll = async (action: HttpAction, args: Arguments, run: CallRun): Promise<unknown> => {
    const page = (pageArgs: Arguments) => request(action, parseInput(action, pageArgs), run);
    try {
      if (!canCollect(action)) return (await page(args)).data;
      const { data, note } = await collectPages(clock, {}, args, page, lookLimits);
      if (note === undefined) return data;
      throw tooMuchToCheck();
    } catch (error) {
      if (error instanceof ActionError && error.failure.kind === 'not_found') return null;
      throw error;
    }
  };

  const writer = createWriter({
    clock,
    onAbandoned: parts.onAbandoned ?? (() => {}),
    ...(parts.turns && { turns: parts.turns }),
    read: (action, args, { deadline, signal }) => readAll(action, args, newRun(deadline, signal)),
  });

  const minting = createMinting({
    sink: parts.secrets,
    accountId: () => parts.connection().accountId,
    onSecret: parts.onSecret,
    onReturned: ({ id: tool }, id) => void parts.journal.event('secret_returned', { action: tool, id }),
    revoke: async (action, args) => {
      const parsed = parseInput(action, args);
      const run = newRun(clock.now() + callTime, undefined);
      await changes.makeUnasked(changeOf(action, parsed, run, {}), 'the secret could not be delivered');
    },
  });

  const changes = createChanges({ ...parts, minting, writer, accountId: () => parts.connection().accountId });

  /** One request of an http action and what its answer means. */
  const request = async (
    action: HttpAction,
    { given, input }: ParsedInput,
    run: CallRun,
    exchanges?: Exchange[],
  ): Promise<Result> => {
    const connection = parts.connection();
    const wire = buildRequest(action, input, connection.accountId);
    try {
      const answer = await parts.session().send(wire, action.effect, run);
      run.read.characters += answer.text.length;
      run.seen.requestId = answer.headers['x-request-id'];
      if (run.read.characters > mostRead) throw tooMuch();
      const body = readBody(answer.text);
      exchanges?.push({
        method: wire.method,
        url: connection.host + wire.path,
        body: wire.body ?? null,
        response: body,
      });
      const outcome = readAnswer(action, given, body);
      if (action.effect === 'read') return outcome;
      checkConfirms(action, body, outcome.data);
      return { ...outcome, data: await minting.deliver(action, input, outcome.data, run.caller), outcome: 'applied' };
    } catch (error) {
      const isAbsence = error instanceof ActionError && error.failure.kind === 'not_found';
      if (isAbsence && action.absence !== undefined) return { data: null, note: action.absence };
      throw error;
    }
  };

  return { execute, idle: writer.idle };
}

/**
 * Failures of the call itself; a caller who gives up, waits for a person or has settings to mend may try again. What a
 * policy closes may be open to the same caller's next request.
 */
const countsAsFailing = ({ failure: { kind } }: ActionError) =>
  !['cancelled', 'configuration', 'approval', 'not_available'].includes(kind);

const shortCircuit = (failure: Failure, seconds: number) =>
  failed(failure.kind, 'This same call has just failed several times in the same way; it was not sent again.', {
    code: 'REPEATED_FAILURE',
    retryable: false,
    retryAfterSeconds: seconds,
    next: `Change the call, or wait ${seconds} s.`,
    ...(failure.upstreamMessage !== undefined && { upstreamMessage: failure.upstreamMessage }),
    ...(failure.status !== undefined && { status: failure.status }),
  });

/** A 2xx that holds an error, or that names no new object after a create, confirms nothing. */
function checkConfirms({ effect, settle }: HttpAction, body: unknown, data: unknown): void {
  const reportsError = isObject(body) && body.error_code !== undefined;
  const id = effect === 'create' && settle?.as === 'created' ? settle.id : undefined;
  const namesObject = id === undefined || (isObject(data) && data[id] !== undefined && data[id] !== null);
  if (!reportsError && namesObject) return;
  throw failed('unreadable', 'The answer does not confirm the change.', { code: 'UNEXPECTED_SHAPE', sent: 'maybe' });
}

/** A call's time and patience, how much it has read so far, and Databricks' id of the latest answer. */
interface CallRun extends Run {
  readonly read: { characters: number };
  readonly seen: { requestId?: string | undefined };
  /** Empty where nobody is named. */
  readonly caller: string;
}

const newRun = (deadline: number | undefined, signal: AbortSignal | undefined): CallRun => ({
  read: { characters: 0 },
  seen: {},
  caller: '',
  ...(deadline !== undefined && { deadline }),
  ...(signal && { signal }),
});

/** Characters one call may read in all its requests. */
const mostRead = 48_000_000;

const tooMuch = () =>
  failed('unreadable', 'The call would have to read more than this server holds.', {
    code: 'RESPONSE_TOO_LARGE',
    sent: 'maybe',
    next: 'Ask for less: a filter, fewer attributes, a smaller page.',
  });

function readBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  if (isTooDeep(text))
    throw failed('unreadable', 'The answer is nested too deeply.', { code: 'BAD_JSON', sent: 'maybe' });
  try {
    return parseJson(text);
  } catch {
    throw failed('unreadable', 'The answer is not JSON.', { code: 'BAD_JSON', sent: 'maybe' });
  }
}
