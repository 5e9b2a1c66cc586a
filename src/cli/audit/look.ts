/**
 * `audit unknown --look`: reads what the account holds now, to tell what became of a write whose outcome is not known.
 * Changes nothing.
 */
import { actions } from '../../../tools/index.js';
import type { App } from '../../app.js';
import { ActionError } from '../../core/errors.js';
import { isObject } from '../../core/json.js';
import { canCollect } from '../../core/schema.js';
import type { Unsettled } from '../../guard/journal/tail.js';

/** What the account shows of a write. */
export type Sight =
  /** Ids of objects that look like what a create was to make and were not there before it. */
  | { readonly appeared: readonly string[] }
  /** Whether the account is as a change wanted it. */
  | { readonly holds: boolean }
  /** Why it cannot be told. */
  | { readonly untold: string };

type Settle = NonNullable<Extract<(typeof actions)[number], { kind: 'http' }>['settle']>;

export async function lookFor(write: Unsettled, { executor }: App, signal: AbortSignal): Promise<Sight> {
  const action = actions.find(({ id }) => id === write.action);
  const settle = action?.kind === 'http' ? action.settle : undefined;
  const { arguments: input, existing } = write;
  if (settle === undefined || !isObject(input)) return { untold: 'no read is known that shows it' };
  const read = await readWith(executor, settle, input, signal);
  if ('untold' in read) return read;
  if (settle.as === 'state') {
    const holds = settle.holds(read.data, input);
    return holds === undefined ? { untold: 'what was read does not show it' } : { holds };
  }
  if (existing === undefined) return { untold: 'what was there before the call is not known' };
  const items = Array.isArray(read.data) ? read.data : [];
  const ids = items.flatMap((item) => (isObject(item) && settle.matches(item, input) ? String(item[settle.id]) : []));
  return { appeared: ids.filter((id) => !existing.includes(id)) };
}

/** Without these nothing can be read at all. */
const hopeless = ['configuration', 'sign_in', 'cancelled'];

async function readWith(
  executor: App['executor'],
  settle: Settle,
  input: Record<string, unknown>,
  signal: AbortSignal,
): Promise<{ readonly data: unknown } | { readonly untold: string }> {
  const isList = canCollect(settle.read);
  try {
    const { data, note } = await executor.execute(
      settle.read,
      { ...settle.args(input), ...(isList && { all: true }) },
      { signal, caller: 'terminal' },
    );
    return isList && note !== undefined ? { untold: 'the list is too long to be read to its end' } : { data };
  } catch (error) {
    if (!(error instanceof ActionError) || hopeless.includes(error.failure.kind)) throw error;
    return error.failure.kind === 'not_found' ? { data: null } : { untold: error.failure.message };
  }
}
