/** Who calls over HTTP, as the server has proven it. */
import type { Risk } from '../../tools/action.js';

export const callerScopes = ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'] as const;
export type CallerScope = (typeof callerScopes)[number];

/** The account that is served without a name in its address, where a caller's accounts are listed. */
export const unnamedAccount = 'default';

export interface Caller {
  /**
   * The same for the same caller at every time, and no secret: 'token:ci' for a named static token, 'jwt:<iss>#<sub>',
   * 'open' where nobody is asked. Goes into approvals, journal and limits.
   */
  readonly id: string;
  readonly scopes: ReadonlySet<CallerScope>;
  /** Names of the accounts this caller may use; without them, all. */
  readonly accounts?: ReadonlySet<string>;
  /** Milliseconds since 1970; after that the caller has to prove itself anew, in the middle of a stream too. */
  readonly expiresAt?: number;
}

const scopeOfRisk: Readonly<Record<Risk, CallerScope>> = {
  read: 'dbx:read',
  write: 'dbx:write',
  privilege: 'dbx:admin',
  destructive: 'dbx:admin',
  secret: 'dbx:secrets',
};

/** The scope a caller needs for calls of this risk. No scope contains another. */
export const scopeFor = (risk: Risk): CallerScope => scopeOfRisk[risk];

export const isCallerScope = (text: unknown): text is CallerScope =>
  (callerScopes as readonly unknown[]).includes(text);
