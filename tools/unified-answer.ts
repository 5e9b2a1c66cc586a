/**
 * The envelope of the unified actions: `{data, next, raw?}`, the cursor of the next page and the notes. It asks
 * Databricks for a page where one is asked for, and knows nothing of what a record means.
 */
import type { Arguments, Composition, Outcome } from './action.js';
import { cursorAt, type ListInput, named, positionOf, type Resource, type ViewInput } from './unified-input.js';
import { records, type Scim } from './unified-model.js';
import type { listUsers } from './users.js';

/** Any of the three SCIM lists: their arguments are the same. */
export type ScimList = typeof listUsers;

export interface Page {
  readonly items: readonly Scim[];
  readonly total?: number | undefined;
  /** Cursor of the next page. */
  readonly next?: string | undefined;
  readonly note?: string | undefined;
}

/** The page of a SCIM collection that the arguments ask for. */
export async function scimPage(with_: Composition, list: ScimList, of: Resource, input: ListInput): Promise<Page> {
  const startIndex = startOf(of, input);
  const { data, total, nextPage } = await with_.call(list, {
    count: input.page_size,
    ...(startIndex > 1 && { startIndex }),
  });
  const at = nextIndex(nextPage);
  return { items: records(data), total, next: at === undefined ? undefined : cursorAt(of, at) };
}

/** The page of a collection that is already here in full. */
export function localPage(all: readonly Scim[], of: Resource, input: ListInput): Page {
  const first = startOf(of, input);
  const after = first + input.page_size;
  const next = after > all.length ? undefined : cursorAt(of, after);
  return { items: all.slice(first - 1, after - 1), total: all.length, next };
}

/** Where a SCIM list goes on. */
export const nextIndex = (nextPage: Arguments | undefined): number | undefined =>
  typeof nextPage?.startIndex === 'number' ? nextPage.startIndex : undefined;

export function listed(with_: Composition, input: ListInput, { items, total, next, note }: Page): Outcome {
  const since = input.filter?.updated_after;
  const { kept, unknown } = updatedSince(items, since);
  return {
    data: { data: kept.map((each) => only(input.fields, each)), next: next ?? null, ...raw(with_, input) },
    // Of the collection, not of what the filter leaves.
    ...(total !== undefined && since === undefined && { total }),
    ...(next !== undefined && { nextPage: { ...input, next } }),
    ...noted(note, unknown > 0 && `${unknown} of ${items.length} records were kept: Databricks tells no update time.`),
  };
}

export function viewed(with_: Composition, input: ViewInput, item: Scim, note?: string): Outcome {
  return { data: { data: only(input.fields, item), ...raw(with_, input) }, ...noted(note) };
}

/** Leaves out only what is known to be older: an unknown time is no reason to hide a record. */
function updatedSince(items: readonly Scim[], since: string | undefined) {
  if (since === undefined) return { kept: items, unknown: 0 };
  const time = (item: Scim) => (typeof item.updated_at === 'string' ? Date.parse(item.updated_at) : Number.NaN);
  return {
    kept: items.filter((item) => !(time(item) <= Date.parse(since))),
    unknown: items.filter((item) => Number.isNaN(time(item))).length,
  };
}

function only(fields: string | undefined, item: Scim): Scim {
  const wanted = named(fields);
  return wanted.size === 0 ? item : Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name)));
}

function raw({ exchanges }: Composition, input: ViewInput) {
  if (input.raw !== true) return {};
  return { raw: exchanges.map(({ method, url, body, response }) => ({ method, url, body, response })) };
}

function noted(...notes: readonly (string | false | undefined)[]) {
  const note = notes.filter(Boolean).join(' ');
  return note !== '' && { note };
}

const startOf = (of: Resource, { next }: ListInput) => (next === undefined ? undefined : positionOf(of, next)) ?? 1;
