/**
 * An action's own view against everything it answers: the same records in the same order, ids first and exact, and no
 * value that is not in the whole. Reads tables by itself, so that the product's own reading is not trusted.
 */
import assert from 'node:assert/strict';
import type { Body } from './account.js';

/** `whole` and `shown` are the data of two answers to the same read. */
export function checkView(whole: unknown, shown: unknown, place: string): void {
  const records = listOf(whole);
  const views = listOf(shown);
  assert.equal(views.length, records.length, `${place}: records went missing`);
  views.forEach((view, at) => {
    if (typeof view !== 'object' || view === null) {
      assert.deepEqual(view, records[at], place);
      return;
    }
    for (const [path, value] of Object.entries(view)) checkValue(records[at], path, value, `${place} ${at}`);
    const [first = ''] = Object.keys(view);
    assert.match(first, /(^|_|\.)id$|^(principal|name|path)$/, `${place}: an id comes first`);
  });
}

function listOf(data: unknown): Body[] {
  if (Array.isArray(data)) return data;
  return isTable(data) ? recordsOf(data) : [data as Body];
}

const isTable = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && Array.isArray((value as Body).columns);

const recordsOf = ({ columns, rows, all_rows }: Body): Body[] =>
  rows.map((row: unknown[]) => {
    assert.equal(row.length, columns.length);
    return { ...Object.fromEntries(columns.map((name: string, at: number) => [name, row[at]])), ...all_rows };
  });

function checkValue(record: unknown, path: string, value: unknown, place: string): void {
  const where = `${place} ${path}`;
  if (isTable(value)) {
    const inner = at(record, path.split('.')) as unknown[];
    assert.equal(value.rows.length, inner.length, `${where}: elements went missing`);
    recordsOf(value).forEach((each, index) => {
      for (const [name, part] of Object.entries(each)) checkValue(inner[index], name, part, `${where} ${index}`);
    });
  } else if (path === '$ref') {
    // Told without the id that stands beside it.
    assert.match(String(at(record, ['$ref'])), new RegExp(`^${String(value)}(/|$)`), where);
  } else if (value === null) {
    assert.ok(
      [undefined, null, ''].includes(at(record, path.split('.')) as undefined) ||
        isEmptyList(at(record, path.split('.'))),
      where,
    );
  } else assertPart(at(record, path.split('.')), value, where);
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** The value at a path; through a list, that of each element. */
function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.flatMap((each) => at(each, path) ?? null);
  return typeof value === 'object' && value !== null ? at((value as Body)[name], rest) : undefined;
}

/** Objects may have lost fields, lists no elements, and values nothing. */
function assertPart(whole: unknown, part: unknown, place: string): void {
  if (Array.isArray(part)) {
    assert.ok(Array.isArray(whole) && whole.length === part.length, place);
    part.forEach((each, index) => {
      assertPart(whole[index], each, `${place} ${index}`);
    });
  } else if (typeof part === 'object' && part !== null) {
    for (const [name, value] of Object.entries(part)) {
      if (name === '$ref') checkValue(whole, name, value, place);
      else assertPart((whole as Body)?.[name], value, `${place} ${name}`);
    }
  } else assert.deepEqual(part, whole, place);
}
