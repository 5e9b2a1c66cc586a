/**
 * Between arguments and the wire: builds the one request of an http action and reads its answer. Pure; knows no host,
 * no token and no clock.
 */
import type { Arguments, HttpAction, Method, Outcome } from '../../tools/action.js';
import { failed, inputError } from './errors.js';
import { encodeJson, isObject } from './json.js';

export interface WireRequest {
  readonly method: Method;
  /** Path and query, without the host. */
  readonly path: string;
  /** The same with the names of its parameters for their values, and no query. */
  readonly route?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The request of an action. `input` is what the action's schema made of the arguments. Throws `input` failures. */
export function buildRequest(action: HttpAction, input: Arguments, accountId: string): WireRequest {
  const inRoute = new Set(action.params);
  const path = action.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeSegment(name, name === 'account_id' ? accountId : input[name]),
  );
  const rest = Object.fromEntries(
    Object.entries(input).filter(([name, value]) => !inRoute.has(name) && value !== undefined),
  );
  if (action.method === 'GET' || action.method === 'DELETE') {
    return {
      method: action.method,
      path: path + queryString(rest),
      route: action.path,
      headers: { accept: accepts(action) },
    };
  }
  const body = encodeJson(action.body === undefined ? rest : action.body(rest, input));
  const headers = { accept: accepts(action), 'content-type': isScim(action) ? scimType : jsonType };
  return { method: action.method, path, route: action.path, headers, body };
}

const jsonType = 'application/json';
const scimType = 'application/scim+json';

const isScim = (action: HttpAction) => action.path.includes('/scim/v2/');

/** Databricks' servers answer SCIM in either type, so both are accepted. */
function accepts(action: HttpAction): string {
  if (action.returns.as === 'csv') return 'text/plain';
  return isScim(action) ? `${scimType}, ${jsonType}` : jsonType;
}

/**
 * One path segment. Whatever could leave the segment is refused, also in percent-encoded form, because a proxy on the
 * way might decode it; everything else is encoded.
 */
function encodeSegment(name: string, value: unknown): string {
  const text = String(value ?? '');
  const decoded = fullyDecoded(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
  if (/^\.{0,2}$|[/\\\u0000-\u001f\u007f]/.test(decoded) || text === '' || !text.isWellFormed() || text.length > 512) {
    throw inputError(
      `${name} is not a valid id.`,
      `Give ${name} as one id without slashes, dots alone or control characters.`,
    );
  }
  return encodeURIComponent(text);
}

function fullyDecoded(text: string): string {
  let current = text;
  for (let round = 0; round < 5 && current.includes('%'); round += 1) {
    const decoded = current.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === current) break;
    current = decoded;
  }
  return current;
}

/** Booleans go as words, 64-bit ids as digits. */
function queryString(fields: Arguments): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/**
 * The result an answer's body stands for. `given` are the arguments as the caller wrote them: the next page is asked
 * for with the same ones.
 */
export function readAnswer(action: HttpAction, given: Arguments, body: unknown): Outcome {
  const { returns } = action;
  if (returns.as !== 'list') {
    if (body !== undefined && body !== null && !isObject(body)) {
      throw failed('unreadable', 'The answer is not the object this action returns.', {
        code: 'UNEXPECTED_SHAPE',
        sent: 'maybe',
      });
    }
    const inner =
      returns.as === 'object' && returns.key !== undefined && isObject(body) ? body[returns.key] : undefined;
    return { data: inner ?? (isEmpty(body) ? null : body) };
  }
  const envelope = isObject(body) ? body : {};
  // An empty list may be left out of the envelope, as protobuf's JSON does.
  const items = returns.key === undefined ? body : (envelope[returns.key] ?? []);
  if (!Array.isArray(items) || (returns.key !== undefined && !isObject(body))) {
    throw failed('unreadable', 'The answer is not the list this action returns.', { code: 'UNEXPECTED_SHAPE' });
  }
  const next = action.nextPage?.(given, envelope, items);
  const total = returns.total === undefined ? undefined : envelope[returns.total];
  return {
    data: items,
    ...(typeof total === 'number' && { total }),
    ...(next !== undefined && { nextPage: { ...given, ...next } }),
  };
}

const isEmpty = (body: unknown) =>
  body === undefined || body === null || (isObject(body) && Object.keys(body).length === 0);
