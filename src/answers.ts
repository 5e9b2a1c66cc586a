/**
 * The one shape in which results and failures leave the server: small JSON with the account it speaks of. Pure.
 */
import type { Action } from '../tools/action.js';
import type { Result } from './call.js';
import type { Failure } from './core/errors.js';
import { explain } from './core/explain.js';
import { quote } from './core/quote.js';

/** Answer of a call that worked. Key order is reading order. */
export function answerOf(result: Result, accountId: string | undefined): Record<string, unknown> {
  const { data, total, nextPage, note, outcome, enveloped, undo, plan } = result;
  return {
    ...(accountId !== undefined && { account_id: accountId }),
    ...(outcome !== undefined && { outcome }),
    ...(plan && { dry_run: true }),
    ...(enveloped ? (data as object) : { data }),
    ...(total !== undefined && { total }),
    ...(nextPage !== undefined && { nextPage }),
    ...(note !== undefined && { note }),
    ...(undo !== undefined && { undo }),
  };
}

/** Answer of a call that failed. Databricks' own words stand in a field of their own, never in a sentence of ours. */
export function answerOfFailure(
  failure: Failure,
  action: Action | undefined,
  accountId: string | undefined,
  scrub: (text: string) => string = (text) => text,
): Record<string, unknown> {
  const { message, next } = explain(failure, action);
  const { kind, status, code, requestId, upstreamMessage, retryable, retryAfterSeconds, sent } = failure;
  const { sentAt, check, existing, approval } = failure;
  const isWrite = action !== undefined && action.effect !== 'read';
  // Repeated, a create that did go through makes a second object.
  const mayDouble = action?.effect === 'create' && sent === 'maybe';
  return {
    ...(accountId !== undefined && { account_id: accountId }),
    ...(isWrite && { outcome: sent === 'maybe' ? 'unknown' : 'not_applied' }),
    error: {
      kind,
      message,
      ...(status !== undefined && { status }),
      ...(code !== undefined && { code }),
      ...(upstreamMessage !== undefined && { databricks_said: quote(upstreamMessage, scrub) }),
      ...(requestId !== undefined && { request_id: requestId }),
      retryable: retryable && !mayDouble,
      ...(retryAfterSeconds !== undefined && { retry_after_s: retryAfterSeconds }),
      ...(sentAt !== undefined && { sent_at: sentAt }),
      ...(existing !== undefined && { existing }),
      ...(check !== undefined && { check }),
      ...(approval !== undefined && { approval }),
      next,
    },
  };
}
