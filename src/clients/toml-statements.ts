/**
 * A TOML file as a row of statements with places: headers and key-value pairs. It understands strings, lists and inline
 * tables only as far as to know where they end; what they mean is smol-toml's business. Pure.
 */

export interface Statement {
  readonly kind: 'table' | 'array of tables' | 'pair';
  /** The key as it is written: of a pair, without the header it stands under. */
  readonly path: readonly string[];
  readonly start: number;
  /** Behind the last character that is not a remark. */
  readonly end: number;
  /** Of a pair: where its value begins. */
  readonly value: number;
}

export interface Remark {
  readonly start: number;
  readonly end: number;
}

/** For text that smol-toml has read without complaint. */
export function statements(text: string): { readonly statements: Statement[]; readonly remarks: Remark[] } {
  const found: Statement[] = [];
  const remarks: Remark[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const remark = () => {
    const start = at;
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
    remarks.push({ start, end: at });
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) at++;
    else if (character === '#') remark();
    else if (character === '[') {
      const start = at;
      const isList = text[at + 1] === '[';
      const key = keyAt(text, at + (isList ? 2 : 1));
      at = key.end + (isList ? 2 : 1);
      found.push({ kind: isList ? 'array of tables' : 'table', path: key.path, start, end: at, value: at });
    } else {
      const key = keyAt(text, at);
      // The equals sign.
      const value = skipBlanks(text, key.end + 1);
      const end = valueEnd(text, value, remarks);
      found.push({ kind: 'pair', path: key.path, start: at, end, value });
      at = end;
    }
  }
  return { statements: found, remarks };
}

/** A bare, quoted or dotted key; `end` is where what follows it begins. */
function keyAt(text: string, from: number): { readonly path: string[]; readonly end: number } {
  const path: string[] = [];
  let at = skipBlanks(text, from);
  for (;;) {
    const start = at;
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      at = stringEnd(text, at);
      const raw = text.slice(start, at);
      path.push(quote === '"' ? basicString(raw) : raw.slice(1, -1));
    } else {
      while (/[\w-]/.test(text[at] ?? '')) at++;
      if (at === start) throw new Error('The text is no TOML.');
      path.push(text.slice(start, at));
    }
    at = skipBlanks(text, at);
    if (text[at] !== '.') return { path, end: at };
    at = skipBlanks(text, at + 1);
  }
}

/** TOML's `\UXXXXXXXX` and `\e` are the escapes JSON does not have. */
function basicString(raw: string): string {
  const json = raw
    .replace(/\\U([0-9a-fA-F]{8})/g, (_, digits: string) =>
      JSON.stringify(String.fromCodePoint(Number.parseInt(digits, 16))).slice(1, -1),
    )
    .replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1')
    .replaceAll('\\e', '\\u001b')
    .replaceAll('\t', '\\t');
  return JSON.parse(json) as string;
}

const skipBlanks = (text: string, from: number) => {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
};

/** Where the string that begins here ends. */
export function stringEnd(text: string, from: number): number {
  const quote = text[from] ?? '';
  const isLong = text.startsWith(quote.repeat(3), from);
  const closing = isLong ? quote.repeat(3) : quote;
  let at = from + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += closing.length;
  // Up to two quotes may stand right before the closing ones.
  if (isLong) while (text[at] === quote) at++;
  return at;
}

function valueEnd(text: string, from: number, remarks: Remark[]): number {
  let depth = 0;
  let at = from;
  let end = from;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (depth === 0 && /[\r\n]/.test(character)) break;
    if (character === '#') {
      if (depth === 0) break;
      const start = at;
      while (at < text.length && !/[\r\n]/.test(text[at] ?? '')) at++;
      remarks.push({ start, end: at });
    } else if (character === '"' || character === "'") {
      at = stringEnd(text, at);
      end = at;
    } else {
      if (character === '[' || character === '{') depth++;
      if (character === ']' || character === '}') depth--;
      at++;
      if (!/\s/.test(character)) end = at;
    }
  }
  return end;
}
