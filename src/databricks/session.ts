/**
 * One signed-in conversation with an account: adds the token, renews it once on 401, repeats what may be repeated, and
 * turns everything that is not a good answer into an `ActionError`.
 */
import type { Effect } from '../../tools/action.js';
import { ActionError, failed } from '../core/errors.js';
import type { Pacing } from '../core/pacing.js';
import { decideRetry } from '../core/retry.js';
import type { RetryBudget } from '../core/retry-budget.js';
import { noTracing, type Tracing } from '../core/tracing.js';
import { upstreamError } from '../core/upstream-errors.js';
import type { WireRequest } from '../core/wire.js';
import { callLimits, downloadLimits, type Http, type HttpAnswer, type HttpStream } from './http.js';
import { strangeAnswer } from './strange-answers.js';
import type { TokenSource } from './token.js';

/** Time and patience of one call. */
export interface Run {
  /** On the clock's scale; undefined for downloads, which end by their idle limit. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

export interface Clock {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Epoch milliseconds. */
  readonly date: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly dice: () => number;
}

export interface Session {
  send(request: WireRequest, effect: Effect, run: Run): Promise<HttpAnswer>;
  /** A read whose body is streamed. */
  open(request: WireRequest, run: Run): Promise<HttpStream>;
}

/** What all calls of an account share: what keeps them within its limits, and who measures them. */
export interface Restraint {
  /** None towards loopback: nobody there has to be protected. */
  readonly pacing?: Pacing;
  readonly budget?: RetryBudget;
  readonly tracing?: Tracing;
}

/** Milliseconds of a write's call that are kept for finding out what became of it. */
const settleTime = 12_000;
const leastAttempt = 1_000;

export function createSession(http: Http, tokens: TokenSource, clock: Clock, restraint: Restraint = {}): Session {
  const { pacing, budget, tracing = noTracing } = restraint;

  /** Waits for this request's turn. */
  const queue = async (run: Run, remaining: number) => {
    const wait = pacing?.reserve(clock.now()) ?? 0;
    if (wait > 0 && wait < remaining) await clock.sleep(wait, run.signal);
    if (wait < remaining && !run.signal?.aborted) return;
    pacing?.release();
    if (run.signal?.aborted) throw failed('cancelled', 'The call was cancelled before it was sent.');
    throw failed('throttled', 'Too many calls are waiting for this account.', {
      code: 'QUEUE_FULL',
      retryAfterSeconds: Math.ceil(wait / 1_000),
    });
  };

  /** Calls `attempt` with a signed request until it succeeds or must not be repeated. */
  const repeat = async <T extends { readonly status: number }>(
    request: WireRequest,
    effect: Effect,
    run: Run,
    attempt: (signed: WireRequest, remaining: number) => Promise<T>,
  ): Promise<T> => {
    let renewed = false;
    const { method, route = 'other' } = request;
    for (let sends = 1, attempts = 1; ; attempts += 1) {
      const token = await signedIn(tokens, run, clock);
      const signed = { ...request, headers: { ...request.headers, authorization: `Bearer ${token.value}` } };
      const remaining = run.deadline === undefined ? Number.POSITIVE_INFINITY : run.deadline - clock.now();
      try {
        if (remaining <= 0) throw failed('timeout', 'There was no time left for the call.', { retryable: true });
        await queue(run, remaining);
        const answer = await tracing.request({ method, route, attempt: attempts }, () => attempt(signed, remaining));
        pacing?.succeeded();
        budget?.succeeded();
        return answer;
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
        // A 401 means the request was not carried out (RFC 9110 15.5.2), so any method may be sent again.
        if (error.failure.kind === 'unauthorized' && !renewed) {
          renewed = true;
          tokens.reject(token);
          continue;
        }
        if (error.failure.kind === 'throttled') pacing?.throttled(clock.now());
        const left = run.deadline === undefined ? callLimits.firstByte : run.deadline - clock.now();
        const decision = decideRetry({ sends, effect, failure: error.failure, remaining: left, dice: clock.dice() });
        if (!decision.again || budget?.spend(error.failure.kind) === false) throw error;
        await clock.sleep(decision.delay, run.signal);
        if (run.signal?.aborted) throw failed('cancelled', 'The call was cancelled.');
        sends += 1;
      }
    }
  };

  return {
    send: (request, effect, run) =>
      repeat(request, effect, run, async (signed, remaining) => {
        const isRead = effect === 'read';
        const time = isRead ? remaining : Math.max(leastAttempt, remaining - settleTime);
        const limits = { ...callLimits, attempt: Math.min(callLimits.attempt ?? time, time) };
        // A write that has left is listened to until its outcome is known, even when its caller has gone.
        return checked(await http.request(signed, limits, isRead ? run.signal : undefined), clock);
      }),
    open: (request, run) =>
      repeat(request, 'read', run, async (signed) => {
        const patience = new AbortController();
        const signals = run.signal === undefined ? [patience.signal] : [patience.signal, run.signal];
        const stream = await http.open(signed, downloadLimits, AbortSignal.any(signals));
        const isText = !/text\/html/i.test(stream.headers['content-type'] ?? '');
        if (stream.status >= 200 && stream.status < 300 && isText) return stream;
        checked({ status: stream.status, headers: stream.headers, text: await head(stream, patience) }, clock);
        throw failed('unreadable', 'The answer is not a file.', { code: 'UNEXPECTED_SHAPE' });
      }),
  };
}

/** Waits for a token, but not beyond the call's deadline. A failed sign-in never means that the action was sent. */
async function signedIn(tokens: TokenSource, { deadline, signal }: Run, clock: Clock) {
  const late = deadline === undefined ? undefined : AbortSignal.timeout(Math.max(0, Math.ceil(deadline - clock.now())));
  const ends = [signal, late].filter((each) => each !== undefined);
  try {
    return await tokens.get(AbortSignal.any(ends));
  } catch (error) {
    if (late?.aborted && !signal?.aborted) throw failed('timeout', 'Signing in took too long.', { retryable: true });
    if (error instanceof ActionError) throw new ActionError({ ...error.failure, sent: 'no' }, { cause: error });
    throw error;
  }
}

function checked(answer: HttpAnswer, clock: Clock): HttpAnswer {
  const strange = strangeAnswer(answer);
  if (strange !== undefined) throw strange;
  if (answer.status >= 400) throw upstreamError({ ...answer, body: answer.text, now: clock.date() });
  return answer;
}

/** Enough of a body to read an error from: what arrives in ten seconds, 64 KB at most. */
async function head(stream: HttpStream, patience: AbortController): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const late = setTimeout(() => patience.abort(), 10_000);
  try {
    for await (const part of stream.body) {
      parts.push(part);
      size += part.byteLength;
      if (size > 64 * 1024) break;
    }
  } catch {
    // Cut off or broken, it still may say what is wrong.
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(parts).toString('utf8');
}
