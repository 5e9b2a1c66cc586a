// Sums by key, for keys that come from a file nobody vouches for: as many keys as there may be, memory is bounded.

import { formatDecimal } from './decimal.js';

export interface Share {
  readonly dbus: string;
  readonly rows: number;
}

export interface Tally {
  add(key: string, amount: bigint): void;
  /** The largest sums first. */
  result(): { readonly top: readonly ({ readonly key: string } & Share)[]; readonly other: Share | undefined };
  notes(keyName: string): string[];
}

interface Sum {
  amount: bigint;
  rows: number;
}

const SHOWN = 30;
const MAX_KEYS = 10_000;
const MAX_KEY_LENGTH = 256;

export function createTally(): Tally {
  const sums = new Map<string, Sum>();
  const overflow: Sum = { amount: 0n, rows: 0 };

  const sumOf = (key: string): Sum => {
    const known = sums.get(key);
    if (known) return known;
    if (sums.size >= MAX_KEYS || key.length > MAX_KEY_LENGTH) return overflow;
    const sum = { amount: 0n, rows: 0 };
    sums.set(detached(key), sum);
    return sum;
  };

  return {
    add(key, amount) {
      addTo(sumOf(key), amount, 1);
    },
    result() {
      const sorted = [...sums].sort(([a, { amount: x }], [b, { amount: y }]) => compare(y, x) || compare(a, b));
      const rest = { ...overflow };
      for (const [, { amount, rows }] of sorted.slice(SHOWN)) addTo(rest, amount, rows);
      return {
        top: sorted.slice(0, SHOWN).map(([key, sum]) => ({ key, ...share(sum) })),
        other: rest.rows > 0 ? share(rest) : undefined,
      };
    },
    notes: (keyName) =>
      overflow.rows === 0
        ? []
        : [`Each ${keyName} after the first ${MAX_KEYS}, or longer than ${MAX_KEY_LENGTH} characters, is in "other".`],
  };
}

function addTo(sum: Sum, amount: bigint, rows: number): void {
  sum.amount += amount;
  sum.rows += rows;
}

const share = ({ amount, rows }: Sum): Share => ({ dbus: formatDecimal(amount), rows });

function compare<T extends bigint | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A copy: V8 lets a slice keep alive the whole chunk it was cut from. */
const detached = (text: string): string => JSON.parse(JSON.stringify(text));
