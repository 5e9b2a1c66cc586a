/** Shows part of an answer: the fields of a view, or those that were asked for. What is shown stands as in the whole. Pure. */
import type { View } from '../../tools/view.js';
import { isObject } from './json.js';

/** The names in a comma-separated argument. */
export const namesIn = (list: string): string[] => [
  ...new Set(
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];

/** Fields to show by name, in order; undefined stands for everything below. */
export type Mask = ReadonlyMap<string, Mask | undefined>;

export function maskOf(paths: readonly string[]): Mask {
  const heads = new Map<string, string[] | undefined>();
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.');
    if (rest.length === 0) heads.set(head, undefined);
    else if (!heads.has(head)) heads.set(head, [rest.join('.')]);
    else heads.get(head)?.push(rest.join('.'));
  }
  return new Map([...heads].map(([head, rests]) => [head, rests && maskOf(rests)]));
}

/** The part of a value that the mask shows; of a list, of each element. */
export function project(value: unknown, mask: Mask | undefined): unknown {
  if (mask === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => project(each, mask));
  if (!isObject(value)) return value;
  const fields: [string, unknown][] = [];
  for (const [name, below] of mask) {
    if (Object.hasOwn(value, name)) fields.push([name, project(value[name], below)]);
  }
  return Object.fromEntries(fields);
}

/** The value with the view's shorter words. */
export function abbreviate(value: unknown, brief: View['brief'], at = ''): unknown {
  if (brief === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => abbreviate(each, brief, at));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const path = at === '' ? name : `${at}.${name}`;
      return [name, brief[path]?.(inner, value) ?? abbreviate(inner, brief, path)];
    }),
  );
}

/** The value without fields that hold nothing; false and 0 are something, and so is an empty list where it means none. */
export function withoutEmpty(value: unknown, meansNone: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withoutEmpty(each, meansNone));
  const fields: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const isKept = meansNone && Array.isArray(inner);
    if (isKept || !isEmpty(inner)) fields.push([name, withoutEmpty(inner, meansNone)]);
  }
  return Object.fromEntries(fields);
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

/** True where some record has a value at this path. */
export function hasPath(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((each) => hasPath(each, path));
  const [head, ...rest] = path;
  if (head === undefined) return value !== undefined;
  return isObject(value) && Object.hasOwn(value, head) && hasPath(value[head], rest);
}

/** Names at the top that the account repeats in every record, or that nobody asks for. */
const noise = new Set(['account_id', 'remote_id', 'organization_id']);

interface Prepared {
  readonly mask: Mask;
  /** Documented fields at the top that are not shown. */
  readonly hidden: readonly string[];
}

const prepared = new WeakMap<View, Prepared>();

/** What is the same for every answer with this view. */
function prepare(view: View): Prepared {
  let made = prepared.get(view);
  if (made === undefined) {
    const seen = new Set(view.shown.map(headOf));
    const others = [...new Set(view.more.map(headOf))];
    made = { mask: maskOf(view.shown), hidden: others.filter((name) => !seen.has(name) && !noise.has(name)) };
    prepared.set(view, made);
  }
  return made;
}

export const maskOfView = (view: View): Mask => prepare(view).mask;

/** Documented fields at the top of these records that hold something and are not shown. */
export const hiddenFields = (records: readonly unknown[], view: View): string[] =>
  prepare(view).hidden.filter((name) => records.some((each) => isObject(each) && !isEmpty(each[name])));

const headOf = (path: string) => path.split('.', 1)[0] ?? '';

/** Of these paths, the first that names no documented field, and the names there are at that place. */
export function unknownField(
  paths: readonly string[],
  { shown, more }: View,
): { readonly path: string; readonly exist: readonly string[] } | undefined {
  const known = [...shown, ...more];
  const isKnown = (path: string) =>
    known.some((each) => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`));
  const path = paths.find((each) => !isKnown(each));
  if (path === undefined) return undefined;
  const parts = path.split('.');
  let above = '';
  for (const part of parts.slice(0, -1)) {
    if (!isKnown(above + part)) break;
    above += `${part}.`;
  }
  const inside = known.filter((each) => each.startsWith(above)).map((each) => above + headOf(each.slice(above.length)));
  return { path, exist: [...new Set(inside)] };
}
