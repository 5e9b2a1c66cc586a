/** Reads what a client posts, within limits: nothing is parsed, kept or handed on that is larger, deeper or longer. */
import { isJsonContentType } from '@modelcontextprotocol/server';
import { countKeys, isObject, isTooDeep } from '../core/json.js';
import { codes, refuse } from './refusal.js';

export const bodyLimits = { bytes: 1_048_576, keys: 10_000, batch: 20 } as const;

export interface Body {
  readonly message: unknown;
}

/** The JSON of a request, or the answer that refuses it. */
export async function readBody(request: Request): Promise<Body | Response> {
  if (!isJsonContentType(request.headers.get('content-type')))
    return refuse(415, codes.refused, 'Content-Type must be application/json.');
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity')
    return refuse(415, codes.refused, 'Content-Encoding is not supported.');
  const text = await textOf(request);
  if (text instanceof Response) return text;
  if (isTooDeep(text)) return refuse(400, codes.invalid, 'The message is nested too deeply.');
  if (countKeys(text, bodyLimits.keys) > bodyLimits.keys)
    return refuse(400, codes.invalid, 'The message has too many keys.');
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return refuse(400, codes.parse, 'The body is not valid JSON.');
  }
  return problemOf(message) ?? { message };
}

function problemOf(message: unknown): Response | undefined {
  if (!Array.isArray(message)) return isObject(message) ? undefined : refuse(400, codes.invalid, 'Not a message.');
  if (message.length === 0 || message.length > bodyLimits.batch)
    return refuse(400, codes.invalid, `A batch has one to ${bodyLimits.batch} messages.`);
  return message.every(isObject) ? undefined : refuse(400, codes.invalid, 'A batch holds messages only.');
}

/** A declared length over the limit is refused unread; one that is not declared or not true is cut off. */
async function textOf(request: Request): Promise<string | Response> {
  const tooLarge = () => refuse(413, codes.refused, `The body must not exceed ${bodyLimits.bytes} bytes.`);
  if (Number(request.headers.get('content-length')) > bodyLimits.bytes) return tooLarge();
  if (request.body === null) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let received = 0;
  let text = '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      received += value.byteLength;
      if (received > bodyLimits.bytes) {
        void reader.cancel().catch(() => {});
        return tooLarge();
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return refuse(400, codes.parse, 'The body could not be read as UTF-8.');
  }
}
