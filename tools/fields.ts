/** Field types that several areas share. A description is for the model: say what the name does not. */
import { z } from 'zod';

/** A string argument. */
export const text = (description?: string) => described(z.string().min(1), description);

/**
 * A 64-bit id. Digits in a string, because a JSON number loses them above 2^53; sent to Databricks as a number with
 * every digit. A plain number is accepted too while it is exact.
 */
export const int64 = (description?: string) =>
  described(z.string().regex(/^(0|[1-9]\d{0,18})$/, 'must be digits only'), description).transform(BigInt);

export const flag = (description?: string) => described(z.boolean(), description);

/** A count or a page size: a whole number from 1. */
export const count = (description?: string) => described(z.int().min(1), description);

export const strings = (description?: string) => described(z.array(z.string().min(1)), description);

export const oneOf = <const V extends readonly [string, ...string[]]>(values: V, description?: string) =>
  described(z.enum(values), description);

/** Paging arguments of the APIs that page by token. */
export const pageToken = { page_token: text().optional() };

/**
 * An argument that Databricks documents and a model does not need: reserved, assigned by Databricks, deprecated, without
 * effect, with one possible value. It is taken, and left out of the list of tools, where every conversation pays for it.
 */
export const unlisted = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), unlisted: true }) as T;

function described<T extends z.ZodType>(schema: T, description: string | undefined): T {
  return description === undefined ? schema : (schema.describe(description) as T);
}
