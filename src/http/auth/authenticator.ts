/** From the Authorization header of a request to a proven caller, or to the refusal that says what is missing. */
import { type Caller, callerScopes } from '../caller.js';
import type { Refusal } from '../refusal.js';
import { keysUnavailable, tokenMalformed, tokenMissing, tokenRefused } from './challenge.js';

/** `refused` carries why, for the log alone. `unavailable`: whether it is genuine cannot be told now. */
export type Verdict = Caller | { readonly refused: string } | 'unavailable';

/** One way to prove a token. `undefined`: it is none of this way's. */
export interface TokenCheck {
  /** `entrance`: the path it came to, such as /readonly/mcp. */
  check(token: string, entrance: string): Promise<Verdict | undefined>;
}

export interface Authenticated {
  readonly caller?: Caller;
  readonly refusal?: Refusal;
  /** Why the token was refused; never part of an answer. */
  readonly why?: string;
}

export interface Authenticator {
  /** `headers`: the values of all Authorization headers of the request. */
  authenticate(headers: readonly string[], entrance: string, metadata: string | undefined): Promise<Authenticated>;
}

/** Longest token looked at; longer ones cost more than they could be worth. */
const longestToken = 16 * 1024;

/** The scheme in any case, one space or more, and RFC 6750's characters to the end. */
const bearer = /^bearer +([\w.~+/-]+=*)$/i;

/** Every check is asked in turn; the first that knows the token decides. */
export function createAuthenticator(checks: readonly TokenCheck[]): Authenticator {
  return {
    async authenticate(headers, entrance, metadata) {
      const [header, ...more] = headers;
      if (header === undefined) return { refusal: tokenMissing(metadata) };
      if (more.length > 0 || header.length > longestToken + 8) return { refusal: tokenMalformed(metadata) };
      const token = bearer.exec(header.trim())?.[1];
      if (token === undefined) return { refusal: tokenMalformed(metadata) };
      for (const each of checks) {
        const verdict = await each.check(token, entrance);
        if (verdict === undefined) continue;
        if (verdict === 'unavailable') return { refusal: keysUnavailable(), why: 'issuer_keys' };
        if ('refused' in verdict) return { refusal: tokenRefused(metadata), why: verdict.refused };
        return { caller: verdict };
      }
      return { refusal: tokenRefused(metadata), why: 'unknown' };
    },
  };
}

const anybody: Caller = { id: 'open', scopes: new Set(callerScopes) };

/** For `--no-auth`: whoever reaches the port may do everything the operator allows. */
export const openToAnybody: Authenticator = { authenticate: async () => ({ caller: anybody }) };
