/** Cuts the longest list of an answer's data to what fits, and never to nothing. Pure. */
import { isObject } from './json.js';
import { isTable } from './table.js';

export interface Cut {
  readonly data: unknown;
  /** Items of the list that are in it, and those after them that are not. */
  readonly count: number;
  readonly left: number;
}

/**
 * Data of at most so many characters. `from`: the position at which the longest list inside an object begins; a list that
 * is the data itself is taken to begin there.
 */
export function cutToFit(data: unknown, from: number, most: number): Cut {
  const rows = rowsOf(data);
  if (rows !== undefined) return cutRows(rows, most - length(data) + length(rows), (kept) => withRows(data, kept));
  if (!isObject(data) || (from === 1 && length(data) <= most)) return { data, count: 0, left: 0 };
  const name = longestList(data);
  const list = name === undefined ? undefined : rowsOf(data[name]);
  if (name === undefined || list === undefined) return { data, count: 0, left: 0 };
  const room = most - length(data) + length(list);
  return cutRows(list.slice(from - 1), room, (kept) => ({ ...data, [name]: withRows(data[name], kept) }));
}

/** At least one: an answer that does not get on would be asked for over and over. */
function cutRows(rows: readonly unknown[], room: number, data: (kept: readonly unknown[]) => unknown): Cut {
  let used = 2;
  let count = 0;
  for (const row of rows) {
    used += length(row) + 1;
    if (used > room && count > 0) break;
    count += 1;
  }
  return { data: data(rows.slice(0, count)), count, left: rows.length - count };
}

const length = (value: unknown) => JSON.stringify(value)?.length ?? 0;

function rowsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return isTable(value) ? value.rows : undefined;
}

const withRows = (value: unknown, rows: readonly unknown[]) => (isTable(value) ? { ...value, rows } : rows);

function longestList(data: Record<string, unknown>): string | undefined {
  const lists = Object.entries(data).filter(([, value]) => rowsOf(value) !== undefined);
  return lists.sort(([, a], [, b]) => length(b) - length(a))[0]?.[0];
}
