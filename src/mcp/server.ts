/**
 * One MCP server over the catalogue, for every door. The list is answered from data; what carries calls out is loaded
 * with the first of them, or before.
 */
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { App } from '../app.js';
import type { Era } from './ask.js';
import type { Calls, Served } from './calls.js';
import { createLists, identityOf } from './identity.js';
import type { Visit } from './visit.js';

/** What a server needs at once, and the app that carries calls out. */
export interface Front extends Pick<App, 'configuration' | 'access' | 'sandbox' | 'log'> {
  /** Opens it when it is first asked for. */
  app(): Promise<App>;
}

export const frontOf = (app: App): Front => ({ ...app, app: async () => app });

export interface McpServers {
  /** A fresh server for one connection or request, with the list and the calls of this visit. */
  create(era: Era, visit: Visit): Server;
  /** Tells the clients of this server, until it is closed, when the list of open actions has changed. */
  announcing(server: Server): Server;
  /** Calls of this caller that are under way, those whose connection is gone included. */
  inFlight(caller: string): number;
  /** Nobody will answer any more: ends the calls that wait for a person. */
  leave(): void;
  /** Resolves when no call is in flight. */
  idle(): Promise<void>;
}

export interface LoadingServers extends McpServers {
  /** Loads what carries calls out, so that the first one need not wait for it. */
  preload(): Promise<App>;
}

export function createMcpServers(front: Front): LoadingServers {
  const lists = createLists(front);
  /** Calls under way, and whose they are. */
  const running = new Map<Promise<unknown>, string>();
  const leaving = new AbortController();
  let loading: Promise<Calls> | undefined;

  const calls = (): Promise<Calls> => {
    loading ??= Promise.all([import('./calls.js'), front.app()])
      .then(([{ createCalls }, app]) => createCalls(app, leaving.signal))
      .catch((error: unknown) => {
        loading = undefined;
        front.log.error('not_loaded', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        throw new ProtocolError(
          ProtocolErrorCode.InternalError,
          'This server cannot carry out calls; its log says why.',
        );
      });
    return loading;
  };

  return {
    create(era, visit) {
      const { caller } = visit;
      const { serverInfo, ...identity } = identityOf(front, visit);
      const server = new Server(serverInfo, {
        ...identity,
        cacheHints: { 'tools/list': { ttlMs: 300_000, cacheScope: 'private' } },
        requestState: { verify: async (state, ctx) => (await calls()).sealOf(served).verify(state, ctx) },
        // Asking before 2026-07-28 is done here, with progress and a time of our own.
        inputRequired: { legacyShim: false },
      });
      const served: Served = { server, era, visit };
      server.setRequestHandler('tools/list', () => ({ tools: lists(visit) as never }));
      server.setRequestHandler('tools/call', (request, ctx) => {
        const work = calls().then(({ run }) => run(served, request.params, ctx));
        running.set(work, caller);
        const done = () => running.delete(work);
        work.then(done, done);
        return work;
      });
      return server;
    },
    announcing(server) {
      const stop = front.access.onChange(() => {
        server
          .sendToolListChanged()
          .catch((error: unknown) => front.log.debug('list_changed_not_sent', { error: String(error) }));
      });
      server.onclose = stop;
      return server;
    },
    inFlight: (caller) => [...running.values()].filter((each) => each === caller).length,
    leave: () => leaving.abort(),
    async idle() {
      const loaded = await loading?.catch(() => undefined);
      while (running.size > 0) await Promise.allSettled(running.keys());
      await loaded?.app.executor.idle();
    },
    preload: async () => (await calls()).app,
  };
}
