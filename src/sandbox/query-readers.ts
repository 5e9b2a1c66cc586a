// Readers for query parameters, whose values are words: unknown and repeated parameters are refused by name.

import { invalid } from './errors.js';
import type { Reader, Readers, Values } from './readers.js';

export const flagWord = (): Reader<boolean> => (value, name) => {
  if (value !== 'true' && value !== 'false') throw invalid(`Query parameter '${name}' must be true or false.`);
  return value === 'true';
};

export const integerWord = (): Reader<number> => (value, name) => {
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value))
    throw invalid(`Query parameter '${name}' must be an integer.`);
  return Number(value);
};

export function readQuery<Q extends Readers>(query: string, readers: Q): Values<Q> {
  const read = new Map<string, unknown>();
  for (const [name, value] of new URLSearchParams(query)) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) throw invalid(`Unknown query parameter '${name}'.`);
    if (read.has(name)) throw invalid(`Query parameter '${name}' is given twice.`);
    read.set(name, reader(value, name));
  }
  return Object.fromEntries(read) as Values<Q>;
}
