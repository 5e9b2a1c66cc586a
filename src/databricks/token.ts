/**
 * The token that signs requests: one for all callers, renewed before it ends, one sign-in in flight at a time. How it is
 * asked for depends on the method (`sign-in/`).
 */
import { createHash } from 'node:crypto';
import { ActionError, failed } from '../core/errors.js';
import { objectIn, parseJson } from '../core/json.js';
import { decideRetry, retryAfterSeconds } from '../core/retry.js';
import { splitScopes } from '../core/scopes.js';
import type { Connection } from './config.js';
import type { Http, HttpAnswer, Limits } from './http.js';
import { type Grant, openGrant } from './sign-in/grant.js';

export interface Token {
  readonly value: string;
  /** What the token may be used for: told by the token endpoint, else by the token itself, else as asked for. */
  readonly scopes: readonly string[];
}

export interface TokenSource {
  /** A token that is good for now. The signal ends this caller's wait, not the sign-in others share. */
  get(signal?: AbortSignal): Promise<Token>;
  /** Databricks answered 401 to this token: the next `get` signs in again. */
  reject(token: Token): void;
}

export interface TokenOptions {
  readonly connection: Connection;
  /** To the host that issues tokens, which for Entra applications is not the account's. */
  readonly http: Http;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly dice: () => number;
  /** Told each new secret value (client secret, identity token, token) before it is used. */
  readonly onSecret: (value: string) => void;
  readonly onToken?: (token: Token) => void;
}

/** Per attempt; the sign-in as a whole ends after `signInTime`. */
const attemptTime = 10_000;
const limits: Limits = { firstByte: attemptTime, idle: 5_000, maxBytes: 256 * 1024 };
const signInTime = 30_000;
/** Databricks on Azure rejects tokens that end within 30 s; the official Python SDK keeps 40 s. */
const tooOld = 40_000;
const failurePause = 60_000;
const refusalMemory = 30_000;

interface Held extends Token {
  readonly expires: number;
  readonly renewFrom: number;
}

export function createTokenSource(options: TokenOptions): TokenSource {
  const { now } = options;
  let held: Held | undefined;
  let inFlight: Promise<Held> | undefined;
  let renewalPausedUntil = Number.NEGATIVE_INFINITY;
  let refusal: { error: ActionError; secret: string; until: number } | undefined;

  const renew = (): Promise<Held> => {
    inFlight ??= signIn(options, (secret) => {
      if (refusal !== undefined && now() < refusal.until && refusal.secret === secret) throw refusal.error;
      return (error) => {
        if (!error.failure.retryable) refusal = { error, secret, until: now() + refusalMemory };
      };
    })
      .then((token) => {
        held = token;
        refusal = undefined;
        options.onToken?.(token);
        return token;
      })
      .finally(() => {
        inFlight = undefined;
      });
    return inFlight;
  };

  return {
    async get(signal) {
      const current = held;
      if (current === undefined || now() >= current.expires) return waitFor(renew(), signal);
      if (now() >= current.renewFrom && now() >= renewalPausedUntil && inFlight === undefined) {
        renew().catch(() => {
          renewalPausedUntil = now() + failurePause;
        });
      }
      return current;
    },
    reject(token) {
      if (held?.value === token.value) held = undefined;
    },
  };
}

/** Asked with a hash of the secret; throws what it already knows, else takes the failure to remember. */
type Memory = (secretHash: string) => (error: ActionError) => void;

async function signIn(options: TokenOptions, memory: Memory): Promise<Held> {
  const { connection, http, now } = options;
  const grant = await openGrant(connection);
  const remember = memory(createHash('sha256').update(grant.credential).digest('hex'));
  for (const secret of grant.secrets) options.onSecret(secret);
  const started = now();
  const left = () => signInTime - (now() - started);
  for (let sends = 1; ; sends += 1) {
    try {
      const answer = await http.request(grant.request, { ...limits, attempt: Math.min(attemptTime, left()) });
      return readToken(answer, grant, options);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      // Asking for a token changes nothing, so it may be repeated like a read.
      const decision = decideRetry({
        sends,
        effect: 'read',
        failure: error.failure,
        remaining: left(),
        dice: options.dice(),
      });
      if (!decision.again) {
        const told = grant.reworded?.(error) ?? error;
        remember(told);
        throw told;
      }
      await options.sleep(decision.delay);
    }
  }
}

function readToken(answer: HttpAnswer, grant: Grant, { connection, now, onSecret, dice }: TokenOptions): Held {
  const body = answer.status === 200 ? objectIn(answer.text, parseJson) : undefined;
  const value = body?.access_token;
  if (body === undefined || typeof value !== 'string' || !/^[\x21-\x7e]{1,65536}$/.test(value)) {
    throw grant.refusal(answer, retryAfterSeconds(answer.headers['retry-after'], Date.now()));
  }
  onSecret(value);
  const lifetime = lifetimeOf(body.expires_in);
  const margin = Math.min(tooOld, lifetime / 2);
  const lead = Math.min(lifetime / 2, 20 * 60_000) * (0.9 + 0.2 * dice());
  const from = now();
  return {
    value,
    scopes: grantedScopes(body.scope, value) ?? connection.scopes,
    expires: from + lifetime - margin,
    renewFrom: from + lifetime - lead,
  };
}

/** Milliseconds. `expires_in` may be a string; where it makes no sense the token is trusted for five minutes. */
function lifetimeOf(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' || typeof expiresIn === 'number' ? Number(expiresIn) : Number.NaN;
  const sane = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) : 300;
  return sane * 1_000;
}

function grantedScopes(told: unknown, token: string): string[] | undefined {
  return scopeList(told) ?? scopeList(claims(token)?.scope);
}

function scopeList(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return scopeList(value.filter((each) => typeof each === 'string').join(' '));
  if (typeof value !== 'string') return undefined;
  // What the token endpoint says is shown to people and models, so it has to look like scopes.
  const scopes = splitScopes(value.slice(0, 10_000))
    .filter((scope) => /^[\w.:/-]{1,64}$/.test(scope))
    .slice(0, 100);
  return scopes.length === 0 ? undefined : scopes;
}

/** The claims of a JWT, unverified: they only tell what the token endpoint granted, and it came from there. */
function claims(token: string): Record<string, unknown> | undefined {
  const payload = token.split('.')[1];
  return payload === undefined ? undefined : objectIn(Buffer.from(payload, 'base64url').toString('utf8'), parseJson);
}

async function waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop: () => void = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => reject(failed('cancelled', 'The call was cancelled.'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}
