/**
 * Long lists of like records as a table: names once, then a row of values for each record. It stays JSON, so that no
 * value can pass for a separator, and names of columns are those of the view, never of the data. Pure.
 */
import { isObject } from './json.js';
import type { Mask } from './view.js';

export interface Table {
  /** Paths of the fields, as in `fields`. */
  readonly columns: readonly string[];
  /** What is the same in every row. */
  readonly all_rows?: Readonly<Record<string, unknown>>;
  /** A value for each column; null where there is none. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Shorter lists are as easily read as they are. */
const fewest = 4;

/** The table of these records, which show this mask; the records as they are where that is no longer. */
export function tableOf(records: readonly unknown[], mask: Mask): Table | readonly unknown[] {
  if (records.length < fewest || !records.every(isObject)) return records;
  const columns = columnsOf(records, mask, [])
    .map(({ path, each }) => ({
      name: [...path, ...(each ?? [])].join('.'),
      cells: records.map((record) => cell(record, path, each)),
    }))
    .filter(({ cells }) => cells.some((value) => value !== null));
  // One at least has to stand in the rows: they tell how many there are.
  const isCommon = columns.map(({ cells }, index) => index > 0 && areSame(cells));
  const common = columns.filter((_, index) => isCommon[index]);
  const varying = columns.filter((_, index) => !isCommon[index]);
  const table = {
    columns: varying.map(({ name }) => name),
    ...(common.length > 0 && { all_rows: Object.fromEntries(common.map(({ name, cells }) => [name, cells[0]])) }),
    rows: records.map((_, row) => varying.map(({ cells }) => cells[row])),
  };
  return JSON.stringify(table).length < JSON.stringify(records).length ? table : records;
}

/** An answer's data by name again: a table, or those in the fields of an object, as records with paths for names. */
export function unfolded(data: unknown): unknown {
  if (isTable(data)) {
    const { columns, rows, all_rows } = data;
    return rows.map((row) => ({
      ...all_rows,
      ...Object.fromEntries(columns.map((name, index) => [name, row[index]])),
    }));
  }
  if (!isObject(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, isTable(value) ? unfolded(value) : value]),
  );
}

export const isTable = (value: unknown): value is Table => isObject(value) && Array.isArray(value.rows);

interface Column {
  readonly path: readonly string[];
  /** In a list of records of which one field is shown: the path of that field. */
  readonly each?: readonly string[];
}

function columnsOf(records: readonly unknown[], mask: Mask, above: readonly string[]): Column[] {
  return [...mask].flatMap(([name, below]) => {
    const path = [...above, name];
    if (below === undefined) return [{ path }];
    if (!records.some((record) => Array.isArray(at(record, path)))) return columnsOf(records, below, path);
    const only = onlyPath(below);
    return [{ path, ...(only && { each: only }) }];
  });
}

/** The one path of a mask that has no other. */
function onlyPath(mask: Mask): readonly string[] | undefined {
  const [[name, below] = [], ...others] = mask;
  if (name === undefined || others.length > 0) return undefined;
  if (below === undefined) return [name];
  const rest = onlyPath(below);
  return rest && [name, ...rest];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

function cell(record: unknown, path: readonly string[], each: readonly string[] | undefined): unknown {
  const value = at(record, path);
  if (value === undefined || value === '') return null;
  return each !== undefined && Array.isArray(value) ? value.flatMap((element) => gathered(element, each)) : value;
}

/** The values at a path that may lead through lists; null where an element has none, so that none goes missing. */
function gathered(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.flatMap((element) => gathered(element, path));
  if (name === undefined || !isObject(value)) return [value];
  return Object.hasOwn(value, name) ? gathered(value[name], rest) : [null];
}

function areSame(column: readonly unknown[]): boolean {
  const first = JSON.stringify(column[0]);
  return column[0] !== null && column.every((value) => value === column[0] || JSON.stringify(value) === first);
}
