/** JSON whose 64-bit integers keep every digit: a second reader, so that the tests do not trust the product's own. */

/** Parses JSON text; an integer that a double cannot hold becomes a bigint. */
export function exactJson(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"int64:${token}"` : token,
  );
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && /^int64:-?\d+$/.test(value) ? BigInt(value.slice(6)) : value,
  );
}

/** What an MCP client is shown of a body: the same, with integers beyond 2^53 as strings of their digits. */
export function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
}
