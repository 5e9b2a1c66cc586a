/**
 * Keeps credentials out of everything that leaves the process. Live secret values are known exactly and removed in
 * every encoding they may turn up in; tokens of known shapes are removed wherever they stand.
 */

export interface Redactor {
  /** Registers a value that must never appear. Short values are ignored: they would eat innocent text. */
  add(secret: string): void;
  /** The text without any of them. For plain text only: what spans two strings of JSON is no secret. */
  scrub(text: string): string;
  /** A JSON value with every string in it scrubbed, names of fields included. The same value where nothing is found. */
  scrubValue<T>(value: T): T;
}

const mark = '[redacted]';

const shapes: readonly RegExp[] = [
  /\bdose[0-9a-f]{32}\b/gi,
  /\bdapi[0-9a-f]{32}(?:-\d+)?\b/gi,
  // Bounded, and never begun in the middle of a word: an endless one would be searched over and over.
  /(?<![\w-])eyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{0,4096}/g,
  // Names such as "Basic Engineers" are none: credentials are long and hold digits.
  /\b(?:Bearer|Basic) +(?=[\w.~+/=-]*\d)[\w.~+/=-]{24,}/gi,
];

/** Removes private keys. By search, not by pattern: many beginnings without an end would cost a search each. */
function withoutPrivateKeys(text: string): string {
  let clean = '';
  let at = 0;
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', at);
    const end = begin === -1 ? -1 : text.indexOf('-----END ', begin);
    if (end === -1) return clean + text.slice(at);
    const isKey = text.slice(begin, begin + 60).includes('PRIVATE KEY-----');
    const close = text.indexOf('-----', end + 9);
    const after = close === -1 ? text.length : close + 5;
    clean += isKey ? text.slice(at, begin) + mark : text.slice(at, begin + 11);
    at = isKey ? after : begin + 11;
  }
}

/** Longest live values kept; tokens are replaced hourly, so old ones leave. */
const capacity = 2_000;

export function createRedactor(): Redactor {
  const values = new Set<string>();
  /** The longest first: a secret that another one begins with must not leave the other's rest behind. */
  let ordered: readonly string[] = [];

  const scrub = (text: string): string => {
    let clean = text;
    for (const value of ordered) if (clean.includes(value)) clean = clean.replaceAll(value, mark);
    for (const shape of shapes) clean = clean.replace(shape, mark);
    return clean.includes('-----BEGIN ') ? withoutPrivateKeys(clean) : clean;
  };

  const scrubValue = <T>(value: T): T => {
    if (typeof value === 'string') return scrub(value) as T;
    if (Array.isArray(value)) {
      const clean = value.map(scrubValue);
      return clean.some((each, index) => each !== value[index]) ? (clean as T) : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const clean = entries.map(([key, inner]) => [scrub(key), scrubValue(inner)] as const);
    const changed = clean.some(([key, inner], index) => key !== entries[index]?.[0] || inner !== entries[index]?.[1]);
    return changed ? (Object.fromEntries(clean) as T) : value;
  };

  return {
    add(secret) {
      if (secret.length < 8) return;
      for (const form of encodings(secret)) {
        values.delete(form);
        values.add(form);
      }
      for (const oldest of values) {
        if (values.size <= capacity) break;
        values.delete(oldest);
      }
      ordered = [...values].sort((a, b) => b.length - a.length);
    },
    scrub,
    scrubValue,
  };
}

function encodings(secret: string): Set<string> {
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  return new Set([
    secret,
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(secret, 'utf8').toString('base64url'),
    encodeURIComponent(secret),
    new URLSearchParams({ v: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
  ]);
}
