/** Named bearer tokens of the operator's. Only their digests are kept, and all are compared, in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isObject } from '../../core/json.js';
import { type Caller, type CallerScope, callerScopes, isCallerScope } from '../caller.js';
import type { TokenCheck } from './authenticator.js';

export interface StaticToken {
  readonly name: string;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
  readonly scopes: readonly CallerScope[];
  /** Names of the accounts it is for; without them, all. */
  readonly accounts?: readonly string[];
}

/** How tokens are compared; equal length is the caller's to see to. */
export type Compare = (one: Buffer, other: Buffer) => boolean;

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** How long it takes tells neither which token is near nor how near: digests are compared, each of them, every time. */
export function matching(
  tokens: readonly StaticToken[],
  presented: string,
  compare: Compare = timingSafeEqual,
): StaticToken | undefined {
  const digest = digestOf(presented);
  return tokens.filter((each) => compare(each.digest, digest))[0];
}

export const createStaticTokens = (tokens: () => Promise<readonly StaticToken[]>): TokenCheck => ({
  async check(presented) {
    const found = matching(await tokens(), presented);
    return found === undefined ? undefined : callerOf(found);
  },
});

const callerOf = ({ name, scopes, accounts }: StaticToken): Caller => ({
  id: `token:${name}`,
  scopes: new Set(scopes),
  ...(accounts !== undefined && { accounts: new Set(accounts) }),
});

/** A token shorter than this could be guessed. */
const shortestToken = 32;

/** Reads the token file's text; a string says what is wrong with it, and holds no token. */
export function parseTokens(text: string, served?: ReadonlySet<string>): readonly StaticToken[] | string {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  if (!Array.isArray(list) || list.length === 0) return 'is no list of tokens';
  const tokens: StaticToken[] = [];
  for (const [at, entry] of list.entries()) {
    const token = parseToken(entry);
    if (typeof token === 'string') return `is wrong in entry ${at + 1}: ${token}`;
    const unknown = served && token.accounts?.find((account) => !served.has(account));
    if (unknown !== undefined) {
      return `is wrong in entry ${at + 1}: there is no account ${unknown}, only ${[...(served ?? [])].join(', ')}`;
    }
    if (tokens.some(({ name }) => name === token.name)) return `has two tokens named ${token.name}`;
    if (tokens.some(({ digest }) => digest.equals(token.digest))) return `has the token ${token.name} under two names`;
    tokens.push(token);
  }
  return tokens;
}

function parseToken(entry: unknown): StaticToken | string {
  if (!isObject(entry)) return 'it is no object';
  const { name, sha256, token, scopes, accounts, ...others } = entry;
  if (Object.keys(others).length > 0) return 'it takes name, sha256 or token, scopes, and accounts, nothing else';
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) return 'name takes letters, digits, ".", "_" and "-"';
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isCallerScope)) {
    return `scopes is a list of ${callerScopes.join(', ')}`;
  }
  if (accounts !== undefined && !isNames(accounts)) return 'accounts is a list of names given to --serve-profile';
  const digest = digestFrom(sha256, token);
  if (typeof digest === 'string') return digest;
  return { name, digest, scopes, ...(accounts !== undefined && { accounts }) };
}

const isNames = (list: unknown): list is readonly string[] =>
  Array.isArray(list) &&
  list.length > 0 &&
  list.every((each) => typeof each === 'string' && /^[\w-]{1,64}$/.test(each));

function digestFrom(sha256: unknown, token: unknown): Buffer | string {
  if ((sha256 === undefined) === (token === undefined)) return 'it needs either sha256 or token';
  if (token === undefined) {
    const isDigest = typeof sha256 === 'string' && /^[\da-f]{64}$/i.test(sha256);
    return isDigest ? Buffer.from(sha256, 'hex') : 'sha256 is 64 hexadecimal digits';
  }
  if (typeof token !== 'string' || !/^[\w.~+/-]+=*$/.test(token)) return 'token has characters no bearer token has';
  return token.length < shortestToken ? `token has fewer than ${shortestToken} characters` : digestOf(token);
}
