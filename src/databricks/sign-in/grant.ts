/** What every way to a token has in common: one request, the secrets in it, and what a refusal means. */
import type { ActionError } from '../../core/errors.js';
import { failed } from '../../core/errors.js';
import type { WireRequest } from '../../core/wire.js';
import { ConfigProblem, type Connection } from '../config.js';
import type { HttpAnswer } from '../http.js';
import { entraGrant } from './entra.js';
import { federationGrant } from './federation.js';
import { secretGrant } from './secret-grant.js';

export interface Grant {
  /** The secret or token that signs in; while it is refused it is not sent again. */
  readonly credential: string;
  /** Every form of it that is sent, so that none of them is ever shown. */
  readonly secrets: readonly string[];
  readonly request: WireRequest;
  /** What an answer without a token means. */
  refusal(answer: HttpAnswer, retryAfter: number | undefined): ActionError;
  /** A failure of the way there, where its words would name the wrong host. */
  reworded?(error: ActionError): ActionError;
}

/** Reads the credential now: it may have been rotated, or have become unreadable since the start. */
export async function openGrant(connection: Connection): Promise<Grant> {
  try {
    return await open(connection);
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    throw failed('configuration', error.problem.message, { next: error.problem.fix });
  }
}

async function open(connection: Connection): Promise<Grant> {
  const { signIn } = connection;
  switch (signIn.method) {
    case 'oauth-m2m':
      return secretGrant(connection, await signIn.readSecret());
    case 'env-oidc':
    case 'file-oidc':
      return federationGrant(connection, await signIn.readToken());
    case 'azure-client-secret':
      return entraGrant(connection.clientId, signIn.tenantId, await signIn.readSecret());
  }
}
