/** A Composition over plain records, for the unified tests: it answers as Databricks does and keeps what was asked. */
import type { Arguments, Composition, DerivedAction, Exchange, HttpAction, Outcome } from '../../tools/action.js';
import type { Scim } from '../../tools/unified-model.js';

export interface Account {
  readonly users?: readonly Scim[];
  readonly groups?: readonly Scim[];
  readonly principals?: readonly Scim[];
}

export interface FakeComposition extends Composition {
  readonly exchanges: Exchange[];
  /** `id input` of each call, without the prefix of the id. */
  readonly calls: string[];
}

/** What `notFound` throws here. */
export class NotFound extends Error {}

export const accountId = 'acct';
export const clientId = '0a1b-client';

export function fakeComposition(account: Account = {}): FakeComposition {
  const exchanges: Exchange[] = [];
  const calls: string[] = [];
  const call = async (action: HttpAction, given: Arguments): Promise<Outcome> => {
    const input = action.input.parse(given);
    calls.push(`${action.id.slice('databricks_'.length)} ${JSON.stringify(given)}`);
    const outcome = answer(account, action, given, input);
    exchanges.push({ method: action.method, url: `https://host${action.path}`, body: null, response: outcome.data });
    return outcome;
  };
  return {
    accountId,
    clientId,
    grantedScopes: async () => ['scim'],
    call: call as Composition['call'],
    exchanges,
    calls,
    notFound: (message) => {
      throw new NotFound(message);
    },
  };
}

function answer(account: Account, action: HttpAction, given: Arguments, input: Arguments): Outcome {
  const collection = collectionOf(account, action.path);
  if (action.path.endsWith('/{id}')) {
    const found = collection.find((each) => each.id === input.id);
    if (found === undefined) throw new NotFound(`no ${String(input.id)}`);
    return { data: found };
  }
  const first = (input.startIndex as number | undefined) ?? 1;
  const last = first + (input.count as number) - 1;
  const nextPage = last < collection.length ? { nextPage: { ...given, startIndex: last + 1 } } : {};
  return { data: collection.slice(first - 1, last).map(listed), total: collection.length, ...nextPage };
}

function collectionOf(account: Account, path: string): readonly Scim[] {
  if (path.includes('/Users')) return account.users ?? [];
  return (path.includes('/Groups') ? account.groups : account.principals) ?? [];
}

/** Lists leave the members of a group out. */
const listed = ({ members: _, ...rest }: Scim): Scim => rest;

interface Envelope {
  readonly data: Scim[] & Scim;
  readonly next?: string | null;
  readonly raw?: unknown;
}

/** Runs a derived action as the executor does and lays its envelope open. */
export async function run<I extends DerivedAction['input']>(
  action: DerivedAction<I>,
  input: object,
  account: Account | FakeComposition,
) {
  const with_ = 'calls' in account ? account : fakeComposition(account);
  const { data, ...rest } = await action.run(with_, action.input.parse(input));
  return { ...(data as Envelope), ...rest, calls: with_.calls };
}

/** So many users, numbered from 1. */
export const people = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: String(at + 1), userName: `u${at + 1}` }));

export const ids = (data: readonly Scim[]) => data.map((each) => each.id);
