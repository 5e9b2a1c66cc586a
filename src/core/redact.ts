/**
 * Keeps credentials out of everything that leaves the process. Live secret values are known exactly and removed in
 * every encoding they may turn up in; tokens of known shapes are removed wherever they stand.
 */

export interface Redactor {
  /** Registers a value that must never appear. Short values are ignored: they would eat innocent text. */
  add(secret: string): void;
  /** The text without any of them. */
  scrub(text: string): string;
}

const mark = '[redacted]';

const shapes: readonly RegExp[] = [
  /\bdose[0-9a-f]{32}\b/gi,
  /\bdapi[0-9a-f]{32}(?:-\d+)?\b/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // Names such as "Basic Engineers" are none: credentials are long and hold digits.
  /\b(?:Bearer|Basic) +(?=[\w.~+/=-]*\d)[\w.~+/=-]{24,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

/** Longest live values kept; tokens are replaced hourly, so old ones leave. */
const capacity = 2_000;

export function createRedactor(): Redactor {
  const values = new Set<string>();
  /** The longest first: a secret that another one begins with must not leave the other's rest behind. */
  let ordered: readonly string[] = [];
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
    scrub(text) {
      let clean = text;
      for (const value of ordered) if (clean.includes(value)) clean = clean.replaceAll(value, mark);
      for (const shape of shapes) clean = clean.replace(shape, mark);
      return clean;
    },
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
