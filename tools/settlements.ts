/**
 * How a write whose answer was lost is settled by reading: what to read, and what in it shows that the write was
 * carried out. Declarations and pure predicates; the reading itself is done in `src/`.
 */
import type { Arguments, HttpAction, Settlement } from './action.js';

/** A create shows as a new item of this list in which the given ones of `keys` have the values asked for. */
export function createdIn(
  list: HttpAction,
  keys: readonly string[],
  id: string,
  args: (input: Arguments) => Arguments = () => ({}),
): Settlement {
  return {
    as: 'created',
    read: list,
    args,
    id,
    matches: (item, input) => contains(item, pick(input, keys)),
  };
}

/** A change shows as the object having what was asked for. `params` are the arguments that name the object. */
export function changedTo(get: HttpAction, params: readonly string[]): Settlement {
  return {
    as: 'state',
    read: get,
    args: (input) => pick(input, params),
    holds: (data, input) => data !== null && contains(data, omit(input, params)),
  };
}

/** A removal shows as the object not being found any more. */
export function goneFrom(get: HttpAction, params: readonly string[]): Settlement {
  return { as: 'state', read: get, args: (input) => pick(input, params), holds: (data) => data === null };
}

/** A state in words of its own. `holds` answers undefined where what was read does not tell. */
export function stateIn(
  read: HttpAction,
  args: (input: Arguments) => Arguments,
  holds: (data: unknown, input: Arguments) => boolean | undefined,
): Settlement {
  return { as: 'state', read, args, holds };
}

/** The arguments of these names as another action takes them: 64-bit ids as digits again. */
export function pick(input: Arguments, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, digits(input[name])]),
  );
}

const digits = (value: unknown) => (typeof value === 'bigint' ? String(value) : value);

function omit(input: Arguments, names: readonly string[]): Arguments {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));
}

/**
 * True when `actual` has everything `wanted` has. Lists are compared without regard to order, numbers by value: the
 * server writes "1000.00" as "1000.000000000000000000".
 */
export function contains(actual: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((each) => actual.some((candidate) => contains(candidate, each)))
    );
  }
  if (isRecord(wanted)) {
    return isRecord(actual) && Object.entries(wanted).every(([key, value]) => contains(actual[key], value));
  }
  if (wanted === null) return actual === null;
  return isScalar(actual) && isScalar(wanted) && plain(actual) === plain(wanted);
}

type Scalar = string | number | boolean | bigint;

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean', 'bigint'].includes(typeof value);

/** Bounded, because stripping the zeros of an endless number would take as long as its square. */
const plain = (value: Scalar) => {
  const text = String(value);
  return /^\d{1,40}\.\d{1,40}$/.test(text) ? text.replace(/\.?0+$/, '') : text;
};

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
