/**
 * The transport of HTTP+SSE, the way of 2024-11-05: one stream to the client for everything, and single messages posted
 * to the address that its first event names.
 */
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/server';

/** Proxies close what is quiet for a minute or less. */
export const keepAliveTime = 10_000;

export interface SseTransport extends Transport {
  /** To be sent to the client. Its end is the end of the connection. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Takes a message that was posted. False where it is no message. */
  receive(message: unknown, request: Request): boolean;
}

/** `endpoint`: where the client posts its messages. */
export function createSseTransport(endpoint: string): SseTransport {
  const encoder = new TextEncoder();
  let to: ReadableStreamDefaultController<Uint8Array> | undefined;
  let beat: NodeJS.Timeout | undefined;
  const write = (text: string) => to?.enqueue(encoder.encode(text));

  const transport: SseTransport = {
    stream: new ReadableStream({
      start(controller) {
        to = controller;
      },
      cancel: () => {
        to = undefined;
        return transport.close();
      },
    }),
    async start() {
      write(`event: endpoint\ndata: ${endpoint}\n\n`);
      beat = setInterval(() => write(': keep-alive\n\n'), keepAliveTime).unref();
    },
    async send(message: JSONRPCMessage) {
      if (to === undefined) throw new Error('The stream is closed.');
      write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    },
    async close() {
      if (beat === undefined) return;
      clearInterval(beat);
      beat = undefined;
      to?.close();
      to = undefined;
      transport.onclose?.();
    },
    receive(posted, request) {
      let message: JSONRPCMessage;
      try {
        message = parseJSONRPCMessage(posted);
      } catch {
        return false;
      }
      transport.onmessage?.(message, { request });
      return true;
    },
  };
  return transport;
}
