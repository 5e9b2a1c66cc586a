/**
 * JSON in which 64-bit integers keep every digit. Databricks sends ids as numbers that a double cannot hold.
 */
import { parse, stringify } from 'lossless-json';

/** A run of digits long enough to be unsafe. Without one the native parser, which is much faster, is exact too. */
const longDigits = /\d{16}/;

/**
 * Parses JSON text. Integers beyond 2^53 become strings of their digits, everything else is as `JSON.parse` has it;
 * of duplicate keys the last one counts.
 */
export function parseJson(text: string): unknown {
  if (!longDigits.test(text)) return JSON.parse(text);
  return parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function exactNumber(digits: string): number | string {
  const value = Number(digits);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(digits) ? digits : value;
}

/** JSON text of a value in which a bigint is written as a number with all its digits. */
export function encodeJson(value: unknown): string {
  return stringify(value) ?? 'null';
}

/** True for a plain JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
