/** How an impact is found out: reads of the account for one call, and what this server knows of itself. */
import { createHash } from 'node:crypto';
import type { Arguments, HttpAction, Look } from '../tools/action.js';
import { ActionError, failed } from './core/errors.js';
import type { Connection } from './databricks/config.js';
import { isLoopback } from './databricks/hosts.js';

export interface LookParts {
  readonly connection: Connection;
  readonly ownAddresses: readonly string[] | undefined;
  readonly isOpen: (action: HttpAction) => boolean;
  /** A list to its end; null where nothing was found. */
  readonly read: (action: HttpAction, args: Arguments) => Promise<unknown>;
}

/** Reads of one look, a list to its end being one. More would keep the account's pace from everybody else. */
const mostReads = 150;

export function createLook({ connection, ownAddresses, isOpen, read }: LookParts): Look {
  const { clientId, host } = connection;
  // Towards this machine itself there is only one way to come from.
  const local = isLoopback(new URL(host).hostname) ? ['127.0.0.1', '::1'] : undefined;
  let reads = 0;
  const looked = async (action: HttpAction, args: Arguments): Promise<unknown> => {
    reads += 1;
    try {
      if (reads > mostReads) throw tooMuchToCheck();
      return await read(action, args);
    } catch (error) {
      throw error instanceof ActionError ? unsent(error) : error;
    }
  };
  return {
    clientId,
    async ownSecretHashes() {
      const { signIn } = connection;
      if (signIn.method !== 'oauth-m2m') return undefined;
      // Undefined where it cannot be read just now: then nothing is known of it.
      const secret = await signIn.readSecret().catch(() => undefined);
      if (secret === undefined) return [];
      return (['hex', 'base64'] as const).map((form) => createHash('sha256').update(secret).digest(form));
    },
    ownAddresses: ownAddresses ?? local,
    read: (action, input) => looked(action as unknown as HttpAction, input as Arguments),
    async tryRead(action, input) {
      if (!isOpen(action as unknown as HttpAction)) return undefined;
      try {
        return await looked(action as unknown as HttpAction, input as Arguments);
      } catch (error) {
        if (error instanceof ActionError && error.failure.kind !== 'cancelled') return undefined;
        throw error;
      }
    },
    notFound(kind, id) {
      throw failed('not_found', `There is no ${kind} ${JSON.stringify(id.slice(0, 64))}. Nothing was sent.`, {
        next: 'Find its id with the list action.',
      });
    },
  };
}

/** What has to be known cannot be: there is no end to it, or it is far away. */
export const tooMuchToCheck = () =>
  failed('unreadable', 'There is more to look through than this server can.', { code: 'TOO_MUCH_TO_CHECK' });

/** A read that was lost on its way leaves nothing open: the write it was for has not been sent. */
function unsent(error: ActionError): ActionError {
  const { failure } = error;
  const message = `${failure.message} That was a look at what the call would touch, so nothing was changed.`;
  return new ActionError(
    { ...failure, sent: 'no', ...(failure.kind !== 'cancelled' && { message }) },
    { cause: error },
  );
}
