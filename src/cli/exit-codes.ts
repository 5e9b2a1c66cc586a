/** What the program's exit code says: one table, for scripts, for `--help` and for the compiler. */
import type { FailureKind } from '../core/errors.js';

export const exits = {
  ok: { code: 0, meaning: 'ok' },
  unexpected: { code: 1, meaning: 'an error of this program' },
  usage: { code: 2, meaning: 'command line or arguments refused; nothing was sent' },
  configuration: { code: 3, meaning: 'a setting is missing or wrong' },
  signIn: { code: 4, meaning: 'sign-in failed, or the token was not accepted' },
  denied: { code: 5, meaning: 'forbidden, scope missing, or not available here' },
  notFound: { code: 6, meaning: 'not found' },
  refused: { code: 7, meaning: 'exists already, is in use, or refused by Databricks' },
  tryAgain: { code: 8, meaning: 'throttled, no or no readable answer; may be tried again' },
  storage: { code: 9, meaning: 'a file could not be written' },
  audit: { code: 10, meaning: 'the journal is not whole' },
  approval: { code: 11, meaning: 'a person has to approve first, or did not; or it would lock the account out' },
  exposed: { code: 78, meaning: 'the HTTP server did not start: its settings are wrong or would let anybody in' },
  cancelled: { code: 130, meaning: 'cancelled' },
} as const;

export type Exit = keyof typeof exits;

/** A new kind of failure does not compile until it has an exit. */
const exitOfKind: Readonly<Record<FailureKind, Exit>> = {
  input: 'usage',
  configuration: 'configuration',
  sign_in: 'signIn',
  unauthorized: 'signIn',
  not_available: 'denied',
  missing_scope: 'denied',
  forbidden: 'denied',
  not_found: 'notFound',
  conflict: 'refused',
  rejected: 'refused',
  throttled: 'tryAgain',
  upstream: 'tryAgain',
  network: 'tryAgain',
  timeout: 'tryAgain',
  unreadable: 'tryAgain',
  storage: 'storage',
  approval: 'approval',
  lockout: 'approval',
  cancelled: 'cancelled',
};

export const exitCodeOf = (kind: FailureKind): number => exits[exitOfKind[kind]].code;

/** The table as `--help` shows it. */
export const exitCodeHelp = (): string =>
  Object.values(exits)
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
    .join('\n');
