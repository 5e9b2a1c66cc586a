// JSON whose integers are exact: ids above 2^53 arrive as bigint and leave as plain digits.
// JSON.parse would round them, and JSON.rawJSON is missing from the oldest supported Node. Knows nothing about HTTP.

export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };
/** What may be encoded: like JSON.stringify, object fields that are undefined are left out. Records are plain objects, too. */
export type Encodable = Json | undefined | object;

const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not hold control characters.
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|$)/y;
const DEEPEST = 64;

export function parseJson(text: string): Json {
  let at = 0;
  const next = (): string => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`unexpected character at ${at}`);
    at = TOKEN.lastIndex;
    return match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
  };

  const value = (token: string, depth: number): Json => {
    if (depth > DEEPEST) throw new SyntaxError('nested too deeply');
    if (token === '{') return members(depth);
    if (token === '[') return items(depth);
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (!/^-?\d/.test(token)) throw new SyntaxError(`unexpected '${token}' before ${at}`);
    return number(token);
  };

  const members = (depth: number): JsonObject => {
    // Without a prototype a field named __proto__ is an ordinary (and then unknown) field.
    const object: JsonObject = Object.create(null);
    let token = next();
    if (token === '}') return object;
    for (;;) {
      if (!token.startsWith('"')) throw new SyntaxError(`expected a field name before ${at}`);
      if (next() !== ':') throw new SyntaxError(`expected ':' before ${at}`);
      object[JSON.parse(token) as string] = value(next(), depth + 1);
      const end = next();
      if (end === '}') return object;
      if (end !== ',') throw new SyntaxError(`expected ',' before ${at}`);
      token = next();
    }
  };

  const items = (depth: number): Json[] => {
    const array: Json[] = [];
    let token = next();
    if (token === ']') return array;
    for (;;) {
      array.push(value(token, depth + 1));
      const end = next();
      if (end === ']') return array;
      if (end !== ',') throw new SyntaxError(`expected ',' before ${at}`);
      token = next();
    }
  };

  const result = value(next(), 0);
  if (next() !== '') throw new SyntaxError(`unexpected text at ${at}`);
  return result;
}

function number(token: string): number | bigint {
  const rounded = Number(token);
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(rounded) ? BigInt(token) : rounded;
}

export function encodeJson(value: Encodable): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${encodeJson(field)}`).join(',')}}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
