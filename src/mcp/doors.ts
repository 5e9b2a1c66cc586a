/**
 * The doors of HTTP, behind the front that has proven who calls: Streamable HTTP at /mcp, without sessions for 2026-07-28
 * and with them for the revisions before it, and HTTP+SSE at /sse and /messages for old clients.
 */
import { createMcpHandler, isInitializeRequest, isLegacyRequest } from '@modelcontextprotocol/server';
import type { App } from '../app.js';
import { ActionError } from '../core/errors.js';
import { isObject } from '../core/json.js';
import type { CallerScope } from '../http/caller.js';
import type { Doors } from '../http/doors.js';
import { type Body, readBody } from './body.js';
import { helloToKeep, openSseSession, openStreamableSession, reopenStreamableSession } from './legacy.js';
import { codes, methodNotAllowed, noSuchSession, refuse } from './refusal.js';
import { innerCall } from './search-tools.js';
import { createMcpServers, frontOf, type McpServers } from './server.js';
import { createSessionTable, defaultSessionLimits, type Session, type SessionTable } from './sessions.js';
import { keepAliveTime } from './sse.js';
import { follow } from './streams.js';
import { createVisits, type RemoteVisit } from './visit.js';

export interface DoorOptions {
  readonly sessions?: SessionTable;
  /** What stands behind the doors, if not the catalogue: the fixtures of a conformance suite. */
  readonly servers?: McpServers;
  /** No client sees the list: four tools find and run the actions. */
  readonly search?: boolean;
  /** Calls of one caller under way. The front counts those whose connection is open; these here go on without one. */
  readonly mostCalls?: number;
  /** The `WWW-Authenticate` header for a caller who lacks this scope. */
  readonly challenge?: (scope: CallerScope) => string;
}

/** Streams for changes of the list that may be open at once. */
const mostListeners = 256;

const bareChallenge = (scope: CallerScope) => `Bearer error="insufficient_scope", scope="${scope}"`;

export function createDoors(app: App, options: DoorOptions = {}): Doors {
  const { challenge = bareChallenge, mostCalls = 16, search = false } = options;
  const sessions = options.sessions ?? createSessionTable(defaultSessionLimits, () => performance.now());
  const servers = options.servers ?? createMcpServers(frontOf(app));
  const visitOf = createVisits(app.policy, search);
  const onerror = (error: Error) => app.log.debug('protocol', { error: error.message });

  const visits = new WeakMap<Request, RemoteVisit>();
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const visit = requestInfo && visits.get(requestInfo);
      if (visit === undefined) throw new Error('A request without a visit.');
      return servers.create('modern', visit);
    },
    { legacy: 'reject', maxSubscriptions: mostListeners, keepAliveMs: keepAliveTime, onerror },
  );
  const { fetch: serveModern } = modern;
  const stop = app.access.onChange(() => modern.notify.toolsChanged());
  let isClosed = false;

  /** A call of an action that is open here, but not to this caller: told before anything else, as OAuth has it. */
  const lackingScope = (tools: readonly unknown[], visit: RemoteVisit): Response | undefined => {
    for (const name of tools) {
      const action = app.access.permitted.find(({ id }) => id === name);
      const scope = action && visit.missing(action);
      if (scope === undefined) continue;
      const text = `This tool needs the scope ${scope}, which the token does not have.`;
      return refuse(403, codes.refused, text, { 'www-authenticate': challenge(scope) });
    }
    return undefined;
  };

  const whyTooMany = (tools: readonly unknown[], { caller }: RemoteVisit): string | undefined =>
    tools.length === 0 || servers.inFlight(caller) + tools.length <= mostCalls
      ? undefined
      : 'Too many calls of yours are under way. Wait until one has ended.';

  const tooMany = (tools: readonly unknown[], visit: RemoteVisit): Response | undefined => {
    const why = whyTooMany(tools, visit);
    return why === undefined ? undefined : refuse(429, codes.refused, why, { 'retry-after': '5' });
  };

  /** Reads what was posted and lets it through unless it is refused. */
  const posted = async (
    request: Request,
    visit: RemoteVisit,
    then: (body: Body) => Promise<Response>,
  ): Promise<Response> => {
    const body = await readBody(request);
    if (body instanceof Response) return body;
    const tools = toolsIn(body.message);
    return lackingScope(tools, visit) ?? tooMany(tools, visit) ?? (await then(body));
  };

  /** Answers in a session, which counts as used until the answer has been read to its end. */
  const inSession = async (
    id: string,
    door: Session['door'],
    visit: RemoteVisit,
    request: Request,
    message: unknown,
    endsIn: number | undefined,
  ): Promise<Response> => {
    const session = await sessions.find(id, door, visit.key, {
      caller: visit.caller,
      open: async (hello) => reopenStreamableSession(await openHttp(visit, id), id, hello),
    });
    if (session === undefined) return noSuchSession();
    const onEnd = sessions.use(id);
    try {
      const { signal } = request;
      return follow(await session.serve(request, message), { onEnd, signal, ...(endsIn !== undefined && { endsIn }) });
    } catch (error) {
      onEnd();
      throw error;
    }
  };

  const openHttp = (visit: RemoteVisit, id: string) =>
    openStreamableSession(server(visit), visit, id, () => sessions.remove(id), onerror, sessions.replica);

  const server = (visit: RemoteVisit) => servers.announcing(servers.create('legacy', visit));

  const noRoom = () =>
    refuse(503, codes.refused, 'Too many sessions are open. Close one, or try again later.', { 'retry-after': '60' });

  const mcpBefore2026 = async (request: Request, message: unknown, visit: RemoteVisit, endsIn: number | undefined) => {
    const given = request.headers.get('mcp-session-id');
    // A call ends by itself; only the stream of what the server says unasked would outlive its caller's token.
    const lasting = request.method === 'GET' ? endsIn : undefined;
    if (given !== null) return inSession(given, 'http', visit, request, message, lasting);
    if (!isInitializeRequest(message)) return refuse(400, codes.refused, 'The header Mcp-Session-Id is missing.');
    const hello = helloToKeep(message);
    if (hello === undefined) return refuse(413, codes.refused, 'What the client says of itself is too long.');
    const remembered = { door: 'http', owner: visit.key, hello } as const;
    const id = await sessions.add((id) => openHttp(visit, id), visit.caller, remembered);
    if (id === undefined) return noRoom();
    const response = await inSession(id, 'http', visit, request, message, undefined);
    if (!response.ok) await sessions.remove(id);
    return response;
  };

  const mcp = async (request: Request, visit: RemoteVisit, endsIn: number | undefined): Promise<Response> => {
    if (request.method === 'GET' || request.method === 'DELETE')
      return mcpBefore2026(request, undefined, visit, endsIn);
    if (request.method !== 'POST') return methodNotAllowed('POST', 'GET', 'DELETE');
    return posted(request, visit, async ({ message }) => {
      if (await isLegacyRequest(request, message)) return mcpBefore2026(request, message, visit, endsIn);
      visits.set(request, visit);
      const response = await serveModern(request, { parsedBody: message });
      const isListening = isObject(message) && message.method === 'subscriptions/listen';
      return follow(response, {
        onEnd: () => {},
        signal: request.signal,
        ...(isListening && endsIn !== undefined && { endsIn }),
      });
    });
  };

  const sse = async (request: Request, visit: RemoteVisit, endsIn: number | undefined): Promise<Response> => {
    if (request.method !== 'GET') return methodNotAllowed('GET');
    const opening = (id: string) =>
      openSseSession(
        server(visit),
        visit,
        endpoint(request, id),
        () => sessions.remove(id),
        (message) => whyTooMany(toolsIn(message), visit),
      );
    const id = await sessions.add(opening, visit.caller, { door: 'sse', owner: visit.key });
    return id === undefined ? noRoom() : inSession(id, 'sse', visit, request, undefined, endsIn);
  };

  const messages = async (request: Request, visit: RemoteVisit): Promise<Response> => {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    const id = new URL(request.url).searchParams.get('sessionId') ?? '';
    return posted(request, visit, ({ message }) => inSession(id, 'sse', visit, request, message, undefined));
  };

  return {
    fetch: async (request, caller, pins) => {
      if (isClosed) return refuse(503, codes.refused, 'The server is closing.', { 'retry-after': '10' });
      const visit = visitOf(caller, pins);
      const endsIn = caller.expiresAt === undefined ? undefined : Math.max(0, caller.expiresAt - Date.now());
      const door = new URL(request.url).pathname.split('/').at(-1);
      try {
        if (door === 'mcp') return await mcp(request, visit, endsIn);
        if (door === 'sse') return await sse(request, visit, endsIn);
        if (door === 'messages') return await messages(request, visit);
      } catch (error) {
        // Sessions may be kept where they cannot be reached now.
        if (!(error instanceof ActionError) || error.failure.kind !== 'storage') throw error;
        return refuse(503, codes.refused, error.failure.message, { 'retry-after': '5' });
      }
      return refuse(404, codes.refused, 'There is nothing here. MCP is at /mcp; for old clients at /sse.');
    },
    leave: servers.leave,
    idle: servers.idle,
    async close() {
      isClosed = true;
      stop();
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
}

/** What the calls in a message are about, whatever that is: in search mode the action inside. */
const toolsIn = (message: unknown): unknown[] =>
  [message].flat().flatMap((each: unknown) => {
    if (!isObject(each) || each.method !== 'tools/call') return [];
    const { name, arguments: args } = isObject(each.params) ? each.params : {};
    return [innerCall(name, args)?.tool ?? name];
  });

/** Beside /sse, with the same pins in its address. */
function endpoint(request: Request, id: string): string {
  const { pathname, searchParams } = new URL(request.url);
  searchParams.set('sessionId', id);
  return `${pathname.replace(/sse$/, 'messages')}?${searchParams}`;
}
