// Copies of the account's state: a plain one for people and checkers, and a living one that can answer requests later.

import type { Account } from './account.js';

/** Maps as objects, int64 as text, no secret values. A network counts as gone from the moment its deletion was accepted. */
export function snapshotOf(account: Account): Record<string, unknown> {
  const { now, ids, usageRowsPerMonth, departingNetworks, networks, secrets, ...state } = account;
  const staying = [...networks].filter(([id]) => !departingNetworks.has(id));
  const withoutValues = [...secrets].map(([id, { value, ...secret }]) => [id, secret] as const);
  const shown = { ...state, networks: new Map(staying), secrets: new Map(withoutValues) };
  return plain(shown) as Record<string, unknown>;
}

export function copyOf(account: Account): Account {
  const { now, ids, ...state } = account;
  return { ...structuredClone(state), now, ids };
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.filter(([, field]) => field !== undefined).map(([name, field]) => [name, plain(field)]),
  );
}
