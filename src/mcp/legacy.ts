/** Opens the sessions of the revisions before 2026-07-28: of Streamable HTTP, and of HTTP+SSE. */
import { isJSONRPCRequest, type Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { isObject } from '../core/json.js';
import { codes, refuse } from './refusal.js';
import { nameRequests } from './request-names.js';
import type { Session } from './sessions.js';
import { createSseTransport, keepAliveTime } from './sse.js';
import type { RemoteVisit } from './visit.js';

/** `onClose`: told when the client has ended the session. `replica`: whose name the requests to the client carry. */
export async function openStreamableSession(
  server: Server,
  { caller, key: owner }: RemoteVisit,
  id: string,
  onClose: () => unknown,
  onerror: (error: Error) => void,
  replica?: string,
): Promise<Session> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => id,
    keepAliveMs: keepAliveTime,
  });
  transport.onclose = () => void onClose();
  transport.onerror = onerror;
  await server.connect(transport);
  if (replica !== undefined) nameRequests(transport, replica);
  return {
    door: 'http',
    caller,
    owner,
    serve: (request, message) => transport.handleRequest(request, { parsedBody: message }),
    close: () => transport.close(),
  };
}

/** Bytes of a hello that are kept, as JSON, where replicas share sessions. */
const mostHello = 8 * 1024;

/**
 * Of a client's `initialize` what opening its session once more needs: icons, experiments and extensions are left out.
 * Undefined where even that is too much to keep for each of its sessions.
 */
export function helloToKeep(message: unknown): unknown {
  const { params } = isObject(message) ? message : {};
  if (!isObject(params)) return undefined;
  const { experimental: _, extensions: __, ...capabilities } = isObject(params.capabilities) ? params.capabilities : {};
  const { name, version } = isObject(params.clientInfo) ? params.clientInfo : {};
  const clientInfo = { name, version };
  const kept = { protocolVersion: params.protocolVersion, capabilities, clientInfo };
  const hello = { jsonrpc: '2.0', id: 0, method: 'initialize', params: kept };
  return JSON.stringify(hello).length > mostHello ? undefined : hello;
}

/** Opens a session once more in another process: the client has said hello elsewhere and does not do it again. */
export async function reopenStreamableSession(session: Session, id: string, hello: unknown): Promise<Session> {
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  const said = (more: Record<string, string> = {}) =>
    new Request('http://localhost/mcp', { method: 'POST', headers: { ...headers, ...more } });
  await (await session.serve(said(), hello)).text();
  await session.serve(said({ 'mcp-session-id': id }), { jsonrpc: '2.0', method: 'notifications/initialized' });
  return session;
}

/**
 * `endpoint`: where the client posts. Its first request is the one for the stream; all others bring messages. `refusal`: why
 * a message may not be served now; what another replica has sent on was counted by nobody yet.
 */
export async function openSseSession(
  server: Server,
  { caller, key: owner }: RemoteVisit,
  endpoint: string,
  onClose: () => unknown,
  refusal: (message: unknown) => string | undefined,
): Promise<Session> {
  const transport = createSseTransport(endpoint);
  transport.onclose = () => void onClose();
  await server.connect(transport);
  return {
    door: 'sse',
    caller,
    owner,
    serve: async (request, message) => {
      if (request.method === 'GET') return new Response(transport.stream, { headers: streaming });
      const refused = refusal(message);
      if (refused !== undefined) {
        // Whoever posted it elsewhere was told that it is accepted: the stream is where its answer is waited for.
        if (isJSONRPCRequest(message)) {
          await transport.send({ jsonrpc: '2.0', id: message.id, error: { code: codes.refused, message: refused } });
        }
        return refuse(429, codes.refused, refused, { 'retry-after': '5' });
      }
      if (transport.receive(message, request)) return new Response('Accepted', { status: 202 });
      return refuse(400, codes.invalid, 'Post one JSON-RPC message at a time.');
    },
    close: () => transport.close(),
  };
}

const streaming = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // Or nginx holds events back until it has a buffer full.
  'x-accel-buffering': 'no',
};
