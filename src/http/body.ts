/** Reads the body of a request as far as it may go, and lets a client that sends too much read its refusal. */
import type { IncomingMessage } from 'node:http';
import type { FrontLimits } from './limits.js';
import { type Refusal, refusal } from './refusal.js';

const tooLarge = (most: number) => refusal(413, 'size', `A body has at most ${most} bytes.`, { close: true });

const noRoom = () =>
  refusal(503, 'memory', 'Too many bodies are being read. Try again.', {
    headers: { 'retry-after': '5' },
    close: true,
  });

const share = () =>
  refusal(429, 'bodies', 'Too many bodies of yours are being read. Send one after another.', {
    headers: { 'retry-after': '5' },
    close: true,
  });

/** Undefined: the client went away before its end. */
export type BodyReader = (request: IncomingMessage, caller: string) => Promise<Buffer | Refusal | undefined>;

export type BodyLimits = Pick<FrontLimits, 'bodyBytes' | 'bodyBytesOfOne' | 'bodyBytesInAll'>;

export function createBodyReader({ bodyBytes: most, bodyBytesOfOne, bodyBytesInAll }: BodyLimits): BodyReader {
  let held = 0;
  /** By caller, so that one who sends slowly leaves room for the others. */
  const heldOf = new Map<string, number>();
  const hold = (caller: string, bytes: number) => {
    held += bytes;
    const now = (heldOf.get(caller) ?? 0) + bytes;
    if (now > 0) heldOf.set(caller, now);
    else heldOf.delete(caller);
    return now;
  };
  return (request, caller) => {
    if (request.destroyed) return Promise.resolve(undefined);
    if (Number(request.headers['content-length'] ?? 0) > most) return Promise.resolve(tooLarge(most));
    const parts: Buffer[] = [];
    let size = 0;
    return new Promise((resolve) => {
      const end = (value: Buffer | Refusal | undefined) => {
        request.off('data', take).off('end', whole).off('close', gone).off('error', gone);
        request.pause();
        hold(caller, -size);
        size = 0;
        resolve(value);
      };
      const take = (part: Buffer) => {
        size += part.length;
        parts.push(part);
        const own = hold(caller, part.length);
        if (size > most) end(tooLarge(most));
        else if (own > bodyBytesOfOne) end(share());
        else if (held > bodyBytesInAll) end(noRoom());
      };
      const whole = () => end(Buffer.concat(parts));
      const gone = () => end(undefined);
      request.on('data', take).once('end', whole).once('close', gone).once('error', gone);
    });
  };
}

/**
 * Throws away what is still coming, for a while: a connection closed with bytes unread is reset, and the refusal is lost
 * with it. Resolves when it is over.
 */
export async function discardRest(request: IncomingMessage, time = 1_000, most = 8 * 1024 * 1024): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let size = 0;
    const timer = setTimeout(resolve, time);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    request
      .on('data', (part: Buffer) => {
        size += part.length;
        if (size > most) end();
      })
      .once('end', end)
      .once('close', end)
      .once('error', end)
      .resume();
  });
}
