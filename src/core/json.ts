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

/** The object a text holds; undefined for any other text. `parse`: `parseJson` where long numbers must stay exact. */
export function objectIn(
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): Record<string, unknown> | undefined {
  try {
    const value = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Levels of an answer. The API's own go to about eight; what is far deeper would exhaust the stack of whoever writes it. */
const deepest = 64;

/** True when JSON text nests deeper than any answer of the API. Looks at brackets outside strings only. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The first key that stands twice in one object of this JSON text, which has to be valid: parsers keep the last one. */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) open.push(new Set());
    else if (code === 0x7d || code === 0x5d) open.pop();
    else if (code === 0x22) {
      const end = endOfString(text, at);
      colon.lastIndex = end + 1;
      if (colon.test(text)) {
        const key = JSON.parse(text.slice(at, end + 1)) as string;
        if (open.at(-1)?.has(key)) return key;
        open.at(-1)?.add(key);
      }
      at = end;
    }
  }
  return undefined;
}

/** Index of the quote that ends the string beginning at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

/** Fields of all objects in JSON text, counted no further than one over `most`. Looks at colons outside strings only. */
export function countKeys(text: string, most: number): number {
  let keys = 0;
  for (let at = 0; at < text.length && keys <= most; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x3a) keys += 1;
  }
  return keys;
}
