// Readers check one incoming JSON value and give it its type. They are strict on purpose: an unknown field, a wrong wrapper
// or a string where a number belongs is refused by name, so that a client's mistake cannot pass unseen. Know no resource.

import { invalid } from './errors.js';
import { isObject, type Json } from './json.js';

export type Reader<T> = (value: Json, name: string) => T;
export type Readers = Readonly<Record<string, Reader<unknown>>>;
export type Values<R extends Readers> = { [Name in keyof R]?: ReturnType<R[Name]> };
export type Shape<R extends Readers, O extends Readers> = { [Name in keyof R]: ReturnType<R[Name]> } & Values<O>;

const wrongType = (name: string, expected: string) =>
  invalid(`Invalid value for field '${name}': expected ${expected}.`);

export const text =
  (limits: { min?: number; max?: number; pattern?: RegExp; hint?: string } = {}): Reader<string> =>
  (value, name) => {
    if (typeof value !== 'string') throw wrongType(name, 'a string');
    const { min = 0, max = Number.POSITIVE_INFINITY, pattern, hint } = limits;
    if (value.length < min) throw invalid(`Field '${name}' must have at least ${min} characters.`);
    if (value.length > max) throw invalid(`Field '${name}' must have at most ${max} characters.`);
    if (pattern && !pattern.test(value)) throw invalid(`Field '${name}' must be ${hint ?? `like ${pattern.source}`}.`);
    return value;
  };

export const flag = (): Reader<boolean> => (value, name) => {
  if (typeof value !== 'boolean') throw wrongType(name, 'a boolean');
  return value;
};

export const integer =
  (min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer');
    if (value < min || value > max) throw invalid(`Field '${name}' must be between ${min} and ${max}.`);
    return value;
  };

/** An int64 as a JSON number; a quoted one is refused although protobuf servers often take it, to show up clients that quote. */
export const int64 = (): Reader<bigint> => (value, name) => {
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!whole || BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) throw wrongType(name, 'an int64 number');
  return BigInt(value);
};

export const oneOf =
  <const Word extends string>(...words: Word[]): Reader<Word> =>
  (value, name) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw wrongType(name, `one of ${words.join(', ')}`);
    return word;
  };

export const list =
  <T>(item: Reader<T>, limits: { min?: number; max?: number } = {}): Reader<T[]> =>
  (value, name) => {
    if (!Array.isArray(value)) throw wrongType(name, 'an array');
    const { min = 0, max = Number.POSITIVE_INFINITY } = limits;
    if (value.length < min) throw invalid(`Field '${name}' must have at least ${min} entries.`);
    if (value.length > max) throw invalid(`Field '${name}' must have at most ${max} entries.`);
    return value.map((entry, index) => item(entry, `${name}[${index}]`));
  };

export const shape =
  <R extends Readers, O extends Readers = Record<never, never>>(required: R, optional?: O): Reader<Shape<R, O>> =>
  (value, name) => {
    if (!isObject(value)) throw wrongType(name === '' ? 'body' : name, 'an object');
    const known: Readers = { ...required, ...optional };
    const at = (field: string) => (name === '' ? field : `${name}.${field}`);
    for (const field of Object.keys(value))
      if (!Object.hasOwn(known, field)) throw invalid(`Unknown field '${at(field)}'.`);
    for (const field of Object.keys(required)) {
      if ((value[field] ?? null) === null) throw invalid(`Missing required field: '${at(field)}'.`);
    }
    // As in protobuf's JSON mapping, null counts as absent.
    const present = Object.entries(known).filter(([field]) => (value[field] ?? null) !== null);
    const read = present.map(([field, reader]) => [field, reader(value[field] ?? null, at(field))] as const);
    return Object.fromEntries(read) as Shape<R, O>;
  };
