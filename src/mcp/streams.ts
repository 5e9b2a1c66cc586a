/** Follows a response that streams: knows when it ends, ends it in time, and gives up a reader that does not read. */

/** Bytes kept for a slow reader. What would come on top of them ends the stream. */
export const mostUnread = 4 * 1_048_576;

export interface Following {
  /** Called once, when the response is over, whoever ended it. */
  readonly onEnd: () => void;
  /** Aborted when the client has gone: a quiet stream would not notice. */
  readonly signal: AbortSignal;
  /** Milliseconds from now after which the stream is closed. */
  readonly endsIn?: number;
}

/** Timers cannot wait longer. */
const longest = 2 ** 31 - 1;

export function follow(response: Response, { onEnd, signal, endsIn }: Following): Response {
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') {
    onEnd();
    return response;
  }
  const source: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const stop = () => void source.cancel().catch(() => {});
  const ends = endsIn === undefined ? undefined : setTimeout(stop, Math.min(endsIn, longest)).unref();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const end = () => {
    clearTimeout(ends);
    signal.removeEventListener('abort', stop);
    onEnd();
  };
  const pump = async (to: ReadableStreamDefaultController<Uint8Array>) => {
    for (;;) {
      const { done, value } = await source.read();
      if (done) return to.close();
      if ((to.desiredSize ?? 0) <= 0) throw new Error('The reader is too slow.');
      to.enqueue(value);
    }
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Headers wait for the first bytes, and a client for the headers.
        controller.enqueue(new TextEncoder().encode(': open\n\n'));
        // The source does not wait for its reader, so its bytes are taken as they come and counted here.
        void pump(controller)
          .catch((error: unknown) => {
            stop();
            controller.error(error);
          })
          .finally(end);
      },
      cancel: (reason) => source.cancel(reason),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostUnread }),
  );
  return new Response(body, { status: response.status, headers: response.headers });
}
