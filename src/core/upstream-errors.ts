/**
 * Reads an error answer of Databricks, in any of the shapes its APIs use, into one Failure. Pure. The shapes are those
 * of the official SDKs' parsers: standard JSON, API 1.2, SCIM, `CODE: message` text, HTML and nothing.
 */
import { ActionError, type Failure, type FailureKind } from './errors.js';
import { isObject, parseJson } from './json.js';
import { retryAfterSeconds } from './retry.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds; Retry-After may be a date. */
  readonly now: number;
}

interface Words {
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
}

/** The failure an answer with status >= 400 stands for. */
export function upstreamError(answer: ErrorAnswer): ActionError {
  const words = readWords(answer.body, answer.status);
  const kind = classify(answer.status, words);
  const retryAfter = retryAfterSeconds(answer.headers['retry-after'], answer.now);
  const requestId = [words.requestId, answer.headers['x-request-id']].find(isName);
  const scope = kind === 'missing_scope' ? requiredScope(words.message) : undefined;
  const failure: Failure = {
    kind,
    message: sentence[kind] ?? 'Databricks refused the request.',
    status: answer.status,
    retryable: kind === 'throttled' || (kind === 'upstream' && answer.status !== 501),
    // A gateway's 5xx may come after the effect, whatever its code says; only a 4xx refuses before it.
    sent: answer.status >= 500 || kind === 'upstream' ? 'maybe' : 'no',
    ...(isName(words.code) && { code: words.code }),
    ...(words.message !== undefined && { upstreamMessage: clip(words.message) }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    ...(scope !== undefined && { scope }),
  };
  return new ActionError(failure);
}

const sentence: Partial<Record<FailureKind, string>> = {
  unauthorized: 'Databricks did not accept the access token.',
  missing_scope: 'The access token lacks a scope this action needs.',
  forbidden: 'The service principal is not allowed to do this.',
  not_found: 'Databricks did not find it.',
  conflict: 'It exists already or is in use.',
  throttled: 'Databricks is limiting requests.',
  upstream: 'Databricks failed to carry out the request.',
};

function classify(status: number, words: Words): FailureKind {
  const { code = '', message = '' } = words;
  if (isScimThrottle(status, words)) return 'throttled';
  if (status === 429 || code === 'REQUEST_LIMIT_EXCEEDED' || code === 'RESOURCE_EXHAUSTED') return 'throttled';
  if (status === 401) return 'unauthorized';
  if (status === 403) return requiredScope(message) === undefined ? 'forbidden' : 'missing_scope';
  if (status === 404 || code === 'RESOURCE_DOES_NOT_EXIST') return 'not_found';
  if (status === 409 || /ALREADY_EXISTS|already exists/i.test(`${code} ${message}`)) return 'conflict';
  if (status >= 500 || status === 408) return 'upstream';
  return 'rejected';
}

/** Codes and ids stand outside the quotation of what Databricks said, so they must be no more than that. */
const isName = (text: string | undefined): text is string => text !== undefined && /^[\w.:-]{1,100}$/.test(text);

/** SCIM reports its throttle as HTTP 500 with this text. */
const isScimThrottle = (status: number, { message = '' }: Words) =>
  status === 500 && message.includes('REQUEST_LIMIT_EXCEEDED');

/**
 * The scopes named in `…does not have required scopes: x` or `Invalid scope, required scopes: x`. Words that follow
 * without a comma are none: they would carry text from Databricks into a sentence of ours.
 */
function requiredScope(message: string | undefined): string | undefined {
  return message?.match(/required scopes?: *([\w.:-]{1,64}(?:, *[\w.:-]{1,64}){0,9})/i)?.[1]?.replace(/\.$/, '');
}

function readWords(body: string, status: number): Words {
  const text = body.trim();
  if (text === '') return {};
  const json = tryJson(text);
  if (isObject(json)) return fromJson(json, status);
  if (/^<(!doctype|html|head|body)/i.test(text)) return fromHtml(text);
  const plain = text.match(/^([A-Z][A-Z0-9_]{2,}): ([\s\S]+)$/);
  return plain === null ? { message: text } : { code: plain[1] ?? '', message: plain[2] ?? '' };
}

function tryJson(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function fromJson(json: Record<string, unknown>, status: number): Words {
  const isScim = json.detail !== undefined || json.scimType !== undefined;
  const message = isScim ? scimMessage(json) : firstString(json.message, json.error_description, json.error);
  const code = isScim ? `SCIM_${firstString(json.status) ?? status}` : firstString(json.error_code, json.error);
  const requestId = firstString(json.request_id) ?? detailsRequestId(json.details) ?? bracketedRequestId(message);
  return {
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(requestId !== undefined && { requestId }),
  };
}

function scimMessage({ scimType, detail }: Record<string, unknown>): string {
  const words = detail === 'null' ? 'SCIM API Internal Error' : (firstString(detail) ?? 'SCIM API Internal Error');
  return typeof scimType === 'string' && scimType !== '' ? `${scimType} ${words}` : words;
}

/** `error_code` may be a number, in a live report it is 403. */
function firstString(...values: unknown[]): string | undefined {
  const found = values.find((value) => (typeof value === 'string' && value !== '') || typeof value === 'number');
  return found === undefined ? undefined : String(found);
}

function detailsRequestId(details: unknown): string | undefined {
  if (!Array.isArray(details)) return undefined;
  const info = details.find(
    (each) => isObject(each) && typeof each['@type'] === 'string' && each['@type'].endsWith('RequestInfo'),
  );
  return isObject(info) ? firstString(info.request_id) : undefined;
}

const bracketedRequestId = (message: string | undefined) => message?.match(/\[ReqId: ([\w-]+)\]/)?.[1];

function fromHtml(html: string): Words {
  const message = (inside(html, 'pre') ?? inside(html, 'title'))
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return message === undefined || message === '' ? {} : { message };
}

/** The start of an element's content. Cut before it is searched, because a hostile page would make patterns run for hours. */
function inside(html: string, element: 'pre' | 'title'): string | undefined {
  const at = html.search(new RegExp(`<${element}>`, 'i'));
  if (at === -1) return undefined;
  const start = at + element.length + 2;
  const [content = ''] = html.slice(start, start + 2_000).split(new RegExp(`</${element}>`, 'i'));
  return content;
}

/** Far more than is shown: it is cut to size when it is quoted, after it was scrubbed. */
const clip = (text: string) => text.slice(0, 20_000);
