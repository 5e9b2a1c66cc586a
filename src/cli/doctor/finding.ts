/** What `doctor` finds: one line each, with what to do where something is to be done. */
import type { FailureKind } from '../../core/errors.js';

export interface Finding {
  /** `skip`: not looked at, because what was found before leaves nothing to look at. */
  readonly level: 'ok' | 'warn' | 'fail' | 'skip';
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly message: string;
  readonly fix?: string;
  /** Failures only: decides the exit code. */
  readonly kind?: FailureKind;
}

export const ok = (check: string, message: string): Finding => ({ level: 'ok', check, message });

export const skip = (check: string, message: string): Finding => ({ level: 'skip', check, message });

export const warn = (check: string, message: string, fix: string): Finding => ({ level: 'warn', check, message, fix });

export const fail = (check: string, message: string, fix: string, kind: FailureKind = 'configuration'): Finding => ({
  level: 'fail',
  check,
  message,
  fix,
  kind,
});
