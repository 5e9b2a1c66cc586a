/**
 * What is done with a secret that Databricks shows once: proven first that it can be kept, then moved out of the answer
 * into the sink. One that cannot be delivered is taken back.
 */
import type { Arguments, Minting as Declaration, HttpAction } from '../../tools/action.js';
import { failed } from '../core/errors.js';
import { encodeJson, isObject } from '../core/json.js';
import { named } from '../core/quote.js';
import { isReturned, type SecretSink } from './secrets.js';

export interface MintingParts {
  readonly sink: SecretSink;
  readonly accountId: () => string;
  /** Told each secret value before it can reach any output. */
  readonly onSecret: (value: string) => void;
  /** Told that the caller sees the value, because the operator wanted it so. */
  readonly onReturned: (action: HttpAction, id: string) => void;
  /** Deletes what was made. Throws when that failed. */
  readonly revoke: (action: HttpAction, args: Arguments) => Promise<void>;
}

export interface Minting {
  /** Throws before anything is sent where a secret could not be kept. */
  prepare(action: HttpAction, input: Arguments): Promise<void>;
  /** The answer without the secret, which is in the sink. Throws a `storage` failure when it is lost. */
  deliver(action: HttpAction, input: Arguments, data: unknown, caller: string): Promise<unknown>;
}

/** Whether this call makes a secret. */
export const mints = ({ secret }: HttpAction, input: Arguments): boolean =>
  secret !== undefined && (secret.when?.(input) ?? true);

export function createMinting({ sink, accountId, onSecret, onReturned, revoke }: MintingParts): Minting {
  const store = async (action: HttpAction, input: Arguments, value: string, shown: Arguments, caller: string) => {
    const { field = '', id: idField = '' } = action.secret ?? {};
    const id = textOf(shown[idField]);
    const [owner] = action.params;
    const of = owner === undefined ? {} : { of: input[owner] };
    const facts = { ...shown, ...of, account_id: accountId(), action: action.id, field };
    const stored = await sink.store(`${action.id.replace('databricks_create_', '')}-${id}`, value, facts, caller);
    if (isReturned(stored)) onReturned(action, id);
    return stored;
  };

  /** Nobody will ever know the value, so what it belongs to is deleted again. */
  const takeBack = async (
    { field, id: idField, revoke: inverse }: Declaration,
    input: Arguments,
    id: string,
    cause: unknown,
  ) => {
    const what = named(idField, id);
    try {
      await revoke(inverse.action, inverse.args(input, id));
    } catch {
      throw failed(
        'storage',
        `Databricks made ${what}, but its ${field} could not be stored and is lost. Deleting it again failed too.`,
        { sent: 'maybe', next: `Delete ${what} and make a new one when the place for secrets can be written.` },
        cause,
      );
    }
    throw failed(
      'storage',
      `Databricks made ${what}, but its ${field} could not be stored, so it was deleted again.`,
      { code: 'REVOKED', next: 'Make the place for secrets writable, then call again.' },
      cause,
    );
  };

  return {
    async prepare(action, input) {
      if (mints(action, input)) await sink.prepare();
    },
    async deliver(action, input, data, caller) {
      const { secret } = action;
      if (secret === undefined || !isObject(data)) return data;
      const isHarmless = ([name, each]: [string, unknown]) => harmless.has(name) || each === null || each === '';
      if (Object.entries(data).every(isHarmless)) return data;
      // Only fields known to be harmless stay: a secret in a place or a form nobody expects must not stay with them.
      const shown = Object.fromEntries(Object.entries(data).filter(([name]) => harmless.has(name)));
      const held = data[secret.field];
      const value = typeof held === 'string' ? held : encodeJson(data);
      onSecret(value);
      try {
        return { ...shown, [secret.field]: await store(action, input, value, shown, caller) };
      } catch (error) {
        return takeBack(secret, input, textOf(data[secret.id]), error);
      }
    },
  };
}

/** What the answer to a minting action may show. */
const harmless = new Set([
  'id',
  'integration_id',
  'client_id',
  'principal_id',
  'status',
  'create_time',
  'update_time',
  'expire_time',
  'client_secret_expire_time',
  'secret_hash',
  'scopes',
]);

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown');
