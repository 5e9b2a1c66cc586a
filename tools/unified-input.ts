/**
 * The arguments the unified actions share: page cursor, projection and expansion. Everything a caller can get wrong is
 * refused here, before anything is sent; values stay as the caller wrote them, so that they can be handed back as the
 * arguments of the next page.
 *
 * The unified API's proxy (a pass-through to the provider), page and top-level updated_after (deprecated) are left out:
 * the first would be a second way to Databricks, the others have successors here.
 */
import { z } from 'zod';
import { flag, unlisted } from './fields.js';

/** What a cursor belongs to. */
export type Resource = 'users' | 'groups' | 'roles' | 'organizations';

const version = 1;

/** Opaque to the caller: the 1-based position of the next record, and of what. */
export function cursorAt(of: Resource, at: number): string {
  const base64 = btoa(JSON.stringify({ v: version, of, at }));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The position a cursor stands for; undefined for anything that `cursorAt` did not write for this resource. */
export function positionOf(of: Resource, cursor: string): number | undefined {
  const at = claimedPosition(cursor);
  return at !== undefined && cursorAt(of, at) === cursor ? at : undefined;
}

function claimedPosition(cursor: string): number | undefined {
  try {
    const { at } = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))) as { at?: unknown };
    return typeof at === 'number' && Number.isSafeInteger(at) && at >= 1 ? at : undefined;
  } catch {
    return undefined;
  }
}

/** The names in a comma-separated argument. */
export function named(list: string | undefined): ReadonlySet<string> {
  const names = (list ?? '').split(',').map((name) => name.trim());
  return new Set(names.filter((name) => name !== ''));
}

function someOf(allowed: readonly string[], what: string, description?: string) {
  const strangers = (list: string) => [...named(list)].filter((name) => !allowed.includes(name));
  const choice = allowed.length === 0 ? `there is no ${what} here` : `${what}s are ${allowed.join(', ')}`;
  const some = z.string().refine((list) => strangers(list).length === 0, {
    error: (issue) => `no such ${what}: ${strangers(String(issue.input)).join(', ').slice(0, 100)}; ${choice}`,
  });
  return (description === undefined ? some : some.describe(description)).optional();
}

const shown = (fields: readonly string[], expansions: readonly string[]) => ({
  fields: someOf(fields, 'field'),
  expand:
    expansions.length === 0
      ? unlisted(someOf(expansions, 'expansion', 'Nothing to expand'))
      : someOf(expansions, 'expansion', expansions.join(',')),
  raw: unlisted(flag().optional()),
});

const updatedAfter = z.iso
  .datetime({ offset: true, error: 'must be an ISO date-time, e.g. 2026-01-31T00:00:00Z' })
  .describe('ISO date-time');

/** Arguments of a unified list. Roles and organizations have no time of an update to choose by. */
export function listInput(of: Resource, fields: readonly string[], expansions: readonly string[]) {
  const next = z.string().refine((cursor) => positionOf(of, cursor) !== undefined, {
    error: 'not a cursor of this list; take next from its last answer, or leave it out to start over',
  });
  const filter = z.strictObject({ updated_after: updatedAfter.optional() }).optional();
  return z.strictObject({
    page_size: z.int().min(1).max(200).default(25),
    next: next.optional(),
    filter: of === 'users' || of === 'groups' ? filter : unlisted(filter),
    ...shown(fields, expansions),
  });
}

/** Arguments of a unified get, where the record is not named by an id. */
export const viewInput = (fields: readonly string[], expansions: readonly string[]) =>
  z.strictObject(shown(fields, expansions));

export type ListInput = z.output<ReturnType<typeof listInput>>;
export type ViewInput = z.output<ReturnType<typeof viewInput>>;
