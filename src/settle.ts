/**
 * Settles a write whose answer was lost: reads what the account holds now and says what can be said honestly. It never
 * claims that a write was not carried out, because one that is still under way cannot be seen.
 */
import type { Arguments, HttpAction, Settlement } from '../tools/action.js';
import type { Result } from './call.js';
import { ActionError, type Failure } from './core/errors.js';
import { isObject } from './core/json.js';
import { named } from './core/quote.js';
import type { Clock } from './databricks/session.js';

/** Reads at these milliseconds after the failure: the first may still show the state from before the write. */
const looks = [0, 2_000, 4_000] as const;

export interface SettleParts {
  readonly clock: Clock;
  /** Reads to the end of a list; null where nothing was found. Throws `ActionError`. */
  readonly read: (action: HttpAction, args: Arguments) => Promise<unknown>;
  /** True for an id that another create of this process made: it cannot be what this one made. */
  readonly isOurs: (id: string) => boolean;
  /** Sends the same write once more. Throws `ActionError`. */
  readonly repeat: () => Promise<Result>;
}

/** Ids of the items that already looked like what a create is about to make; undefined where they could not be read. */
export type Before = ReadonlySet<string> | undefined;

export async function lookBefore(
  settle: Settlement | undefined,
  input: Arguments,
  read: SettleParts['read'],
): Promise<Before> {
  if (settle?.as !== 'created') return undefined;
  try {
    return new Set((await candidates(settle, input, read)).keys());
  } catch (error) {
    if (!(error instanceof ActionError) || neverLeft(error)) throw error;
    return undefined;
  }
}

/** Nothing reached the account, so the write that was to follow would not either: no sign-in, no connection, no caller. */
const neverLeft = ({ failure: { kind, sent, status } }: ActionError) =>
  kind === 'cancelled' || kind === 'sign_in' || (sent === 'no' && status === undefined);

/** The result when the write turns out to be carried out; otherwise throws the failure with how to check. */
export async function settleWrite(
  action: HttpAction,
  input: Arguments,
  failure: Failure,
  sentAt: number,
  before: Before,
  parts: SettleParts,
): Promise<Result> {
  const { settle } = action;
  try {
    const result = settle === undefined ? undefined : await settled(action, settle, input, before, parts);
    if (result !== undefined) return result;
  } catch (error) {
    // What went wrong while looking says nothing about the write; the first failure does.
    if (!(error instanceof ActionError)) throw error;
  }
  throw new ActionError(unknownOutcome(action, input, failure, sentAt));
}

/** The failure of a write nobody knows the outcome of: when it was sent, how to check, and not to repeat it blindly. */
function unknownOutcome(action: HttpAction, input: Arguments, failure: Failure, sentAt: number): Failure {
  const { settle } = action;
  return {
    ...failure,
    sent: 'maybe',
    retryable: false,
    sentAt: new Date(sentAt).toISOString(),
    ...(settle !== undefined && { check: { tool: settle.read.id, arguments: settle.args(input) } }),
  };
}

function settled(
  action: HttpAction,
  settle: Settlement,
  input: Arguments,
  before: Before,
  parts: SettleParts,
): Promise<Result | undefined> {
  return settle.as === 'created' ? findCreated(action, settle, input, before, parts) : findState(settle, input, parts);
}

type Created = Extract<Settlement, { as: 'created' }>;
type State = Extract<Settlement, { as: 'state' }>;

/** A create is found when exactly one matching item is there that was not there before. */
async function findCreated(
  action: HttpAction,
  settle: Created,
  input: Arguments,
  before: Before,
  parts: SettleParts,
): Promise<Result | undefined> {
  if (before === undefined) return undefined;
  for (const delay of waits()) {
    await parts.clock.sleep(delay);
    const now = await candidates(settle, input, parts.read);
    const fresh = [...now].filter(([id]) => !before.has(id) && !parts.isOurs(id));
    if (fresh.length > 1) return undefined;
    const [found] = fresh;
    if (found !== undefined) return createdResult(action, settle, found[0], found[1]);
  }
  return undefined;
}

function createdResult(action: HttpAction, settle: Created, id: string, item: unknown): Result {
  const lost =
    action.secret === undefined || !isObject(item)
      ? ''
      : ` If Databricks made a ${action.secret.field} with it, its value is lost: delete ${named(settle.id, id)} with ${action.secret.revoke.action.id} and create it anew.`;
  return {
    data: item,
    outcome: 'applied',
    note: `The answer was lost; reading found ${named(settle.id, id)}, which was not there before.${lost}`,
  };
}

/** A change is settled by the state it leads to; where the old state is still there it is sent once more. */
async function findState(settle: State, input: Arguments, parts: SettleParts): Promise<Result | undefined> {
  const look = async () => settle.holds(await parts.read(settle.read, settle.args(input)), input);
  const [first, second] = waits();
  await parts.clock.sleep(first ?? 0);
  let holds = await look();
  if (holds === false) {
    await parts.clock.sleep(second ?? 0);
    holds = await look();
  }
  if (holds === true) return stateResult;
  if (holds === undefined) return undefined;
  try {
    return {
      ...(await parts.repeat()),
      note: 'The first answer was lost and the change was not there, so it was sent again.',
    };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return (await look()) === true ? stateResult : undefined;
  }
}

const stateResult: Result = {
  data: null,
  outcome: 'applied',
  note: 'The answer was lost; reading shows the account as the change wants it.',
};

/** Pauses between the looks. */
const waits = () => looks.map((at, index) => at - (looks[index - 1] ?? 0));

/** What now looks like the result of the create, by id. */
async function candidates(settle: Created, input: Arguments, read: SettleParts['read']): Promise<Map<string, unknown>> {
  const items = await read(settle.read, settle.args(input));
  const found = new Map<string, unknown>();
  for (const item of Array.isArray(items) ? items : []) {
    const id = isObject(item) ? item[settle.id] : undefined;
    if ((typeof id === 'string' || typeof id === 'number') && settle.matches(item, input)) found.set(String(id), item);
  }
  return found;
}

/** The item a create collided with, where there is exactly one to name. */
export async function existing(
  settle: Settlement | undefined,
  input: Arguments,
  read: SettleParts['read'],
): Promise<Record<string, string> | undefined> {
  if (settle?.as !== 'created') return undefined;
  try {
    const found = [...(await candidates(settle, input, read)).keys()];
    const [only] = found;
    return found.length === 1 && only !== undefined ? { [settle.id]: only } : undefined;
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
