/**
 * Gives requests to a client ids that tell which process has made them: several may serve one session, each counts from
 * zero, and the client's answer may come to any of them.
 */
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';

/** Names what this transport sends and takes the names off what comes back. After the server is connected. */
export function nameRequests(transport: Transport, replica: string): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => send(named(message, replica), options);
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => onmessage?.(unnamed(message, replica), extra);
}

function named(message: JSONRPCMessage, replica: string): JSONRPCMessage {
  if (!('method' in message)) return message;
  if ('id' in message) return { ...message, id: `${replica}.${message.id}` };
  const { params } = message;
  if (message.method !== 'notifications/cancelled' || params?.requestId === undefined) return message;
  return { ...message, params: { ...params, requestId: `${replica}.${params.requestId}` } };
}

function unnamed(message: JSONRPCMessage, replica: string): JSONRPCMessage {
  if ('method' in message || typeof message.id !== 'string' || !message.id.startsWith(`${replica}.`)) return message;
  return { ...message, id: Number(message.id.slice(replica.length + 1)) };
}
