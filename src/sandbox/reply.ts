// Requests and replies as plain values, so that everything between the socket and the state is a function. Opens no socket.

import { type Encodable, encodeJson } from './json.js';

export interface Inbound {
  readonly method: string;
  /** Raw path as on the wire. */
  readonly path: string;
  /** Raw query, without '?'. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly remoteAddress: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or chunks produced while they are sent. */
  readonly body: string | Iterable<string>;
}

export function jsonReply(body: Encodable, status = 200, type = 'application/json'): Reply {
  return { status, headers: { 'content-type': type }, body: encodeJson(body) };
}

/** The standard API answers an empty object where it has nothing to say. */
export const emptyReply = (): Reply => jsonReply({});

export const noContent = (): Reply => ({ status: 204, headers: {}, body: '' });
