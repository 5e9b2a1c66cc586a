/** A body as far as the front has to understand it: bounded JSON, how many messages, which tools they call. Pure. */
import { countKeys, isObject, isTooDeep } from '../core/json.js';
import { type Refusal, refusal } from './refusal.js';

export interface Messages {
  readonly text: string;
  readonly count: number;
  /** JSON-RPC's method of the first message. */
  readonly method: string | undefined;
  readonly calls: readonly { readonly tool: string; readonly args: unknown }[];
  /** The answer does not end by itself: the client listens. */
  readonly isListening: boolean;
}

export interface MessageLimits {
  readonly bodyKeys: number;
  readonly batch: number;
}

export function readMessages(body: Uint8Array, { bodyKeys, batch }: MessageLimits): Messages | Refusal {
  const bad = (message: string) => refusal(400, 'json', message);
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    // Before parsing: what these bound is the work of parsing.
    if (isTooDeep(text)) return bad('The JSON is nested too deeply.');
    if (countKeys(text, bodyKeys) > bodyKeys) return bad('The JSON has too many fields.');
    value = JSON.parse(text);
  } catch {
    return bad('The body is no valid JSON.');
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > batch) return bad(`A body holds one message, or a batch of at most ${batch}.`);
  if (!list.every(isObject)) return bad('A message is a JSON object.');
  const [first] = list;
  return {
    text,
    count: list.length,
    method: typeof first?.method === 'string' ? first.method : undefined,
    calls: list.flatMap(callIn),
    isListening: list.some(({ method }) => method === 'subscriptions/listen'),
  };
}

function callIn({ method, params }: Record<string, unknown>) {
  if (method !== 'tools/call' || !isObject(params) || typeof params.name !== 'string') return [];
  return [{ tool: params.name, args: params.arguments }];
}
