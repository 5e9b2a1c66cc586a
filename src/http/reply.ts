/** Writes answers to a socket. A reader that is too slow is cut off, so that what it leaves unread does not fill memory. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { discardRest } from './body.js';
import { bodyOf, type Refusal } from './refusal.js';

type Headers = Readonly<Record<string, string>>;

/** On everything: answers are one caller's, JSON or a stream of it, and nothing a browser should guess about. */
export const safetyHeaders: Headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

export function sendJson(response: ServerResponse, status: number, body: string, headers: Headers = {}): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(Buffer.byteLength(body));
  const isHead = response.req.method === 'HEAD';
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  response.end(isHead ? undefined : body);
}

export async function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refused: Refusal,
  headers: Headers,
  isForPeople = false,
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  const body = isForPeople ? `${refused.message}\n` : bodyOf(refused);
  // A body nobody reads cannot be told apart from the next request.
  const close = refused.close === true || !request.complete;
  response.writeHead(refused.status, {
    'content-type': isForPeople ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
    ...refused.headers,
    ...(close && { connection: 'close' }),
  });
  if (request.method !== 'HEAD') response.write(body);
  if (close) await discardRest(request);
  response.end();
}

export interface ReaderLimits {
  readonly stallTime: number;
  readonly unreadBytes: number;
}

/** What an answer of the doors may say about itself; the rest is the front's to say. */
const passed = new Set([
  'content-type',
  'mcp-session-id',
  'mcp-protocol-version',
  'retry-after',
  'allow',
  'www-authenticate',
]);

/** Resolves when the answer is written or its reader is gone. `may`: the headers it says itself. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Response,
  headers: OutgoingHttpHeaders,
  limits: ReaderLimits,
  may: ReadonlySet<string> = passed,
): Promise<void> {
  const own = [...answer.headers].filter(([name]) => may.has(name));
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  response.writeHead(answer.status, {
    ...Object.fromEntries(own),
    ...headers,
    ...(isStream && { 'x-accel-buffering': 'no' }),
  });
  const reader = answer.body?.getReader();
  if (reader === undefined || response.req.method === 'HEAD' || response.destroyed) {
    await reader?.cancel();
    response.end();
    return;
  }
  response.flushHeaders();
  const queue = createQueue(response, limits);
  const stop = () => void reader.cancel().catch(() => {});
  response.once('close', stop);
  try {
    // Read even while the socket takes nothing: only here is seen how much is waiting.
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !queue.add(value)) break;
    }
    await queue.end();
  } catch {
    // Half an answer must not look like a whole one.
    response.destroy();
  } finally {
    response.off('close', stop);
    // Whatever ended it; after the end of the answer it does nothing.
    stop();
  }
}

const slice = 64 * 1024;

/** What waits for the socket. Written in slices, so that a slow reader is told apart from one that has stopped. */
function createQueue(response: ServerResponse, { stallTime, unreadBytes }: ReaderLimits) {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let writing = Promise.resolve();
  let isWriting = false;

  const write = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      for (let at = 0; at < part.length && !response.destroyed; at += slice) {
        const piece = part.subarray(at, at + slice);
        bytes -= piece.length;
        if (!response.write(piece)) await drained(response, stallTime);
      }
    }
    isWriting = false;
  };

  return {
    /** False where nobody reads any more. */
    add(part: Uint8Array): boolean {
      bytes += part.length;
      if (bytes > unreadBytes) response.destroy();
      if (response.destroyed) return false;
      waiting.push(part);
      if (!isWriting) {
        isWriting = true;
        writing = write();
      }
      return true;
    },
    async end() {
      await writing;
      if (!response.destroyed) response.end();
    },
  };
}

function drained(response: ServerResponse, stallTime: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), stallTime);
    const end = () => {
      clearTimeout(timer);
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.once('drain', end).once('close', end);
  });
}
