/**
 * The shared executor: every call of every action, from MCP, the command line or another action, goes through
 * `execute`. It validates, asks whether the action is open, sends, reads and reports.
 */
import type { Action, Arguments, Exchange, HttpAction } from '../tools/action.js';
import type { Access } from './access.js';
import { type CallOptions, callTime, type Result } from './call.js';
import { collectPages } from './collect.js';
import { createCircuit } from './core/circuit.js';
import { ActionError, type Failure, failed } from './core/errors.js';
import { type ParsedInput, parseInput } from './core/input.js';
import { encodeJson, isObject, isTooDeep, parseJson } from './core/json.js';
import { named } from './core/quote.js';
import { canCollect } from './core/schema.js';
import { buildRequest, readAnswer } from './core/wire.js';
import type { Connection } from './databricks/config.js';
import type { Clock, Run, Session } from './databricks/session.js';
import { downloadUsage } from './download.js';
import type { SecretSink } from './guard/secrets.js';
import { createWriter, type WriterParts } from './write.js';

export interface Executor {
  /** Throws `ActionError`; anything else is a bug. */
  execute(action: Action, args: unknown, options?: CallOptions): Promise<Result>;
  /** Resolves when no write is under way, those whose caller has gone included. */
  idle(): Promise<void>;
}

export interface ExecutorParts {
  readonly access: Access;
  /** Throws a `configuration` failure that says what to set. */
  readonly connection: () => Connection;
  readonly session: () => Session;
  /** Signs in if need be and returns the granted scopes. */
  readonly signIn: (signal?: AbortSignal) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly secrets: SecretSink;
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
    if (!access.isOpen(action)) throw access.refusal(action);
    const call = `${action.id} ${encodeJson([parsed.given, parsed.all])}`;
    const broken = circuit.check(call, clock.now());
    if (broken !== undefined) throw shortCircuit(broken.failure, broken.seconds);
    try {
      const result = await perform(action, parsed, options);
      circuit.succeeded(call);
      return result;
    } catch (error) {
      if (error instanceof ActionError && countsAsFailing(error)) circuit.failed(call, error.failure, clock.now());
      throw error;
    }
  };

  const perform = async (action: Action, { given, input, all }: ParsedInput, options: CallOptions): Promise<Result> => {
    const { accountId, clientId } = parts.connection();
    const run: CallRun = {
      deadline: clock.now() + callTime,
      read: { characters: 0 },
      ...(options.signal && { signal: options.signal }),
    };
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
            if (!access.isOpen(inner)) throw access.refusal(inner);
            const parsed = parseInput(inner, innerArgs);
            return one(inner, parsed.given, parsed.input, run, exchanges);
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
    if (!all) return one(action, given, input, run);
    return collectPages(clock, options, given, (pageArgs) => {
      const parsed = parseInput(action, pageArgs);
      return one(action, parsed.given, parsed.input, run);
    });
  };

  const one = async (action: HttpAction, given: Arguments, input: Arguments, run: CallRun, exchanges?: Exchange[]) => {
    const send = () => request(action, given, input, run, exchanges);
    if (action.effect === 'read') return send();
    // Refused before anything is sent, not even a look: where a secret could not be kept, none may be made.
    if (action.secret !== undefined && (action.secret.when?.(input) ?? true)) await parts.secrets.prepare();
    return writer.write(action, input, run, send);
  };

  /** Reads for a write's sake: lists to their end, null where nothing is found. */
  const writer = createWriter({
    clock,
    onAbandoned: parts.onAbandoned ?? (() => {}),
    read: async (action, args, { deadline, signal }) => {
      const run: CallRun = {
        read: { characters: 0 },
        ...(deadline !== undefined && { deadline }),
        ...(signal && { signal }),
      };
      const page = (pageArgs: Arguments) => {
        const parsed = parseInput(action, pageArgs);
        return request(action, parsed.given, parsed.input, run);
      };
      try {
        return (await (canCollect(action) ? collectPages(clock, {}, args, page) : page(args))).data;
      } catch (error) {
        if (error instanceof ActionError && error.failure.kind === 'not_found') return null;
        throw error;
      }
    },
  });

  /** One request of an http action and what its answer means. */
  const request = async (
    action: HttpAction,
    given: Arguments,
    input: Arguments,
    run: CallRun,
    exchanges?: Exchange[],
  ): Promise<Result> => {
    const connection = parts.connection();
    const wire = buildRequest(action, input, connection.accountId);
    try {
      const answer = await parts.session().send(wire, action.effect, run);
      run.read.characters += answer.text.length;
      if (run.read.characters > mostRead) throw tooMuch();
      const body = readBody(answer.text);
      exchanges?.push({
        method: wire.method,
        url: connection.host + wire.path,
        body: wire.body ?? null,
        response: body,
      });
      const outcome = readAnswer(action, given, body);
      if (action.effect !== 'read') checkConfirms(action, body, outcome.data);
      if (action.effect === 'read') return outcome;
      return { ...outcome, data: await withoutSecret(action, outcome.data, connection), outcome: 'applied' };
    } catch (error) {
      const isAbsence = error instanceof ActionError && error.failure.kind === 'not_found';
      if (isAbsence && action.absence !== undefined) return { data: null, note: action.absence };
      throw error;
    }
  };

  /**
   * Moves a one-time secret out of the answer into the sink. Only fields known to be harmless stay: a secret in a place
   * or a form nobody expects must not stay with them.
   */
  const withoutSecret = async (action: HttpAction, data: unknown, { accountId }: Connection): Promise<unknown> => {
    if (action.secret === undefined || !isObject(data)) return data;
    const { field } = action.secret;
    const shown = Object.fromEntries(Object.entries(data).filter(([name]) => harmless.has(name)));
    const value = typeof data[field] === 'string' ? data[field] : encodeJson(data);
    const isHarmless = ([name, each]: [string, unknown]) => harmless.has(name) || each === null || each === '';
    if (Object.entries(data).every(isHarmless)) return data;
    parts.onSecret(value);
    const id = textOf(data[action.secret.id]);
    try {
      const facts = { ...shown, account_id: accountId, action: action.id, field };
      const stored = await parts.secrets.store(`${action.id.replace('databricks_create_', '')}-${id}`, value, facts);
      return { ...shown, [field]: { stored_in: stored.path, length: stored.length, sha256_8: stored.sha256_8 } };
    } catch (error) {
      const what = named(action.secret.id, id);
      throw failed(
        'storage',
        `Databricks made ${what}, but its ${field} could not be stored and is lost.`,
        { sent: 'maybe', next: `Delete ${what} and make a new one when the folder is writable.` },
        error,
      );
    }
  };

  return { execute, idle: writer.idle };
}

/** What the answer to a minting action may show. */
const harmless = new Set([
  'id',
  'integration_id',
  'client_id',
  'principal_id',
  'status',
  'create_time',
  'update_time',
  'expire_time',
  'client_secret_expire_time',
  'secret_hash',
  'scopes',
]);

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown');

/** Failures of the call itself; a caller who gives up or has settings to mend is free to try again. */
const countsAsFailing = ({ failure: { kind } }: ActionError) => kind !== 'cancelled' && kind !== 'configuration';

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

/** A call's time and patience, and how much it has read so far. */
interface CallRun extends Run {
  readonly read: { characters: number };
}

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
