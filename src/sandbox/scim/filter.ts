// The SCIM filter language of the account API: eq, ne, co, sw, joined by and/or, with parentheses. Parses only;
// what a filter means for a resource is in match.ts.

import { scimRefusal } from '../errors.js';

export type Operator = 'eq' | 'ne' | 'co' | 'sw';
export type Filter =
  | {
      readonly kind: 'compare';
      readonly path: string;
      readonly operator: Operator;
      readonly value: string | boolean | number;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter };

const TOKEN = /\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))/y;
/** The documented limit; every comparison and every and/or counts as a node. */
const MOST_NODES = 200;

export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let at = 0;
  let nodes = 0;
  let depth = 0;
  const next = () => tokens[at++];
  const takeWord = (word: string) => {
    if (tokens[at]?.toLowerCase() !== word) return false;
    at += 1;
    return true;
  };
  const count = (filter: Filter) => {
    nodes += 1;
    if (nodes > MOST_NODES) throw bad(`the filter has more than ${MOST_NODES} nodes`);
    return filter;
  };

  const either = (): Filter => {
    let left = both();
    while (takeWord('or')) left = count({ kind: 'or', left, right: both() });
    return left;
  };
  const both = (): Filter => {
    let left = single();
    while (takeWord('and')) left = count({ kind: 'and', left, right: single() });
    return left;
  };
  const single = (): Filter => {
    if (!takeWord('(')) return comparison();
    depth += 1;
    if (depth > MOST_NODES) throw bad(`the filter is nested deeper than ${MOST_NODES}`);
    const inner = either();
    depth -= 1;
    if (!takeWord(')')) throw bad("missing ')'");
    return inner;
  };
  const comparison = (): Filter => {
    const path = next();
    if (path === undefined || !/^[A-Za-z$][\w$.]*$/.test(path))
      throw bad(`expected an attribute, got '${path ?? 'the end'}'`);
    const operator = next()?.toLowerCase();
    if (!isOperator(operator)) throw bad(`unsupported operator '${operator ?? ''}'`);
    return count({ kind: 'compare', path, operator, value: literal(next()) });
  };

  const filter = either();
  if (at < tokens.length) throw bad(`unexpected '${tokens[at]}'`);
  return filter;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const token = match?.[1] ?? match?.[2] ?? match?.[3];
    if (token === undefined) throw bad(`unexpected character after position ${from}`);
    tokens.push(token);
  }
  return tokens;
}

function literal(token: string | undefined): string | boolean | number {
  if (token === 'true' || token === 'false') return token === 'true';
  if (token !== undefined && /^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (!token?.startsWith('"')) throw bad(`values must be quoted, got '${token ?? 'the end'}'`);
  try {
    return JSON.parse(token) as string;
  } catch {
    throw bad(`invalid string ${token}`);
  }
}

const isOperator = (word: string | undefined): word is Operator =>
  word === 'eq' || word === 'ne' || word === 'co' || word === 'sw';

const bad = (problem: string) => scimRefusal('invalidFilter', `Invalid filter: ${problem}.`);
