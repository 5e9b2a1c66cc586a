/** Puts a failure into words for a model or a person: what happened and what to do next. One place, every kind. */
import type { Action } from '../../tools/action.js';
import type { Failure } from './errors.js';
import { oneLine } from './visible.js';

export interface Explanation {
  readonly message: string;
  readonly next: string;
}

export function explain(failure: Failure, action?: Action): Explanation {
  const { kind, message, sent } = failure;
  // Where a secret could not be stored the change is known to be made, and the failure says what to do.
  if (sent === 'maybe' && kind !== 'storage' && action !== undefined && action.effect !== 'read') {
    return { message, next: failure.next === undefined ? checkFirst : `${checkFirst} ${failure.next}` };
  }
  return { message, next: failure.next ?? nextStep(failure, action) };
}

function nextStep(failure: Failure, action: Action | undefined): string {
  switch (failure.kind) {
    case 'input':
      return 'Correct the arguments and call again. Nothing was sent.';
    case 'configuration':
      return 'Set what is missing and restart the server; `databricks-actions-mcp doctor` checks it.';
    case 'not_available':
      return 'Call databricks_access_status to see what is open and why.';
    case 'sign_in':
      return 'Check client id, secret, account id and scopes; `databricks-actions-mcp doctor` checks each.';
    case 'unauthorized':
      return 'Check that the service principal is active and its secret is still valid.';
    case 'missing_scope':
      return `Ask an account admin for a secret bound to the scope ${quotedScope(failure.scope ?? action?.scopes[0])}, and set it in --scopes or DATABRICKS_SCOPES.`;
    case 'forbidden':
      return 'Most account actions need the Account admin role on the service principal (account console, Roles tab). Scopes alone grant no rights.';
    case 'not_found':
      return 'Check the id with the list action; ids are numeric SCIM ids or UUIDs as the list shows them.';
    case 'conflict':
      if (failure.existing !== undefined) return 'It is there already (existing): read or update it instead.';
      return 'Look for the existing object with the list action before trying again.';
    case 'rejected':
      return 'Read what Databricks said, correct the arguments and call again.';
    case 'throttled':
      return failure.retryAfterSeconds === undefined
        ? 'Wait a few seconds, then call again.'
        : `Wait ${failure.retryAfterSeconds} s, then call again.`;
    case 'upstream':
    case 'network':
    case 'timeout':
      return failure.retryable ? 'Call again later.' : 'Check the network, the proxy settings and the host.';
    case 'unreadable':
      return 'Check DATABRICKS_HOST and DATABRICKS_ACCOUNT_ID; `databricks-actions-mcp doctor` names the cause.';
    case 'cancelled':
      return 'Nothing to do.';
    case 'storage':
      return 'Make the folder writable for this user, then call again.';
    case 'approval':
      return 'Tell the user; do not repeat the call unless they ask for it.';
    case 'lockout':
      return 'No approval changes that, so do not ask for one. Tell the user why.';
  }
}

/** Its name may come from Databricks. */
const quotedScope = (scope: string | undefined) => (scope === undefined ? 'it names' : oneLine(scope));

const checkFirst =
  'It is not known whether the change was made. Read the object or the list first; repeat only if the change is not there.';
