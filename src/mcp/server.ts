/**
 * One MCP server over the catalogue, for every door. Everything a handler throws is caught and worded here; only
 * protocol errors leave as such.
 */
import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { answerOfFailure } from '../answers.js';
import type { App } from '../app.js';
import type { CallOptions } from '../call.js';
import { ActionError, failed } from '../core/errors.js';
import { readTraceContext } from '../core/trace-context.js';
import type { CallEnd, TracedCall } from '../core/tracing.js';
import { oneLine } from '../core/visible.js';
import { statusTool } from '../status.js';
import { product } from '../version.js';
import { asInputRequired, clientName, createSeal, type Era, formOf, InputNeeded, type Seal } from './ask.js';
import { type Asked, createReading } from './asked.js';
import { instructions } from './instructions.js';
import { asResult, type ToolResult, takesStructure } from './result.js';
import { searchListFor, searchTools } from './search-tools.js';
import { createToolLists } from './tools.js';
import type { Visit } from './visit.js';

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

export function createMcpServers(app: App): McpServers {
  const toolList = createToolLists();
  const reading = createReading(app);
  /** Calls under way, and whose they are. */
  const running = new Map<Promise<unknown>, string>();
  const leaving = new AbortController();

  /** A server, whom it serves, and the seal of the questions to them. */
  interface Served {
    readonly server: Server;
    readonly era: Era;
    readonly visit: Visit;
    readonly seal: Seal;
  }

  const call = async (
    { server, era, visit, seal }: Served,
    asked: Asked,
    ctx: ServerContext,
    end: (how: CallEnd) => void,
  ): Promise<ToolResult | InputRequiredResult> => {
    const started = performance.now();
    const { caller, policy } = visit;
    const { name, action } = asked;
    const client = clientName(server, ctx);
    const structure = takesStructure(client, server.getNegotiatedProtocolVersion());
    const options = (): CallOptions => {
      const form = formOf(server, era, ctx, leaving.signal);
      return { ...callOptions(ctx), caller, policy, ...(client !== undefined && { client }), ...(form && { form }) };
    };
    const done = (facts: object) =>
      app.log.info('call', { tool: name, caller, ...facts, ms: Math.round(performance.now() - started) });
    try {
      const answer = await asked.answer(options());
      done({ ok: true });
      return asResult(answer, structure);
    } catch (error) {
      if (error instanceof InputNeeded) return asInputRequired(seal, error.asked, ctx);
      const failure = error instanceof ActionError ? error.failure : bug(app, name, error);
      done({ ok: false, kind: failure.kind });
      end({ failure: failure.kind });
      const { configuration, redactor } = app;
      const answer = answerOfFailure(failure, action, configuration.accountId, redactor.scrub);
      return { ...asResult(redactor.scrubAnswer(answer), structure), isError: true };
    }
  };

  return {
    create(era, visit) {
      const { caller, policy, search } = visit;
      const seal = createSeal(() => app.deriveKey(`questions of ${caller}`), caller);
      const server = new Server(
        { name: product.name, title: 'Databricks account actions', version: product.version },
        {
          instructions: instructions(app, search),
          capabilities: { tools: { listChanged: true } },
          cacheHints: { 'tools/list': { ttlMs: 300_000, cacheScope: 'private' } },
          requestState: { verify: seal.verify },
          // Asking before 2026-07-28 is done here, with progress and a time of our own.
          inputRequired: { legacyShim: false },
        },
      );
      server.setRequestHandler('tools/list', () => ({
        tools: (search ? searchListFor : toolList)(app.access.under(policy).permitted) as never,
      }));
      server.setRequestHandler('tools/call', (request, ctx) => {
        const { name, arguments: args } = request.params;
        const asked = reading(visit, name, args);
        const work = app.tracing.call(tracedCall(asked?.name, ctx), async (end) => {
          if (asked !== undefined) return call({ server, era, visit, seal }, asked, ctx, end);
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, unknownTool(app.redactor.scrub(name), search));
        });
        running.set(work, caller);
        const done = () => running.delete(work);
        work.then(done, done);
        return work;
      });
      return server;
    },
    announcing(server) {
      const stop = app.access.onChange(() => {
        server
          .sendToolListChanged()
          .catch((error: unknown) => app.log.debug('list_changed_not_sent', { error: String(error) }));
      });
      server.onclose = stop;
      return server;
    },
    inFlight: (caller) => [...running.values()].filter((each) => each === caller).length,
    leave: () => leaving.abort(),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running.keys());
      await app.executor.idle();
    },
  };
}

/** What the call itself says of its caller's span counts before what its HTTP request says. */
function tracedCall(tool: string | undefined, { mcpReq, http }: ServerContext): TracedCall {
  const { traceparent, tracestate } = mcpReq._meta ?? {};
  const headers = http?.req?.headers;
  const parent =
    readTraceContext(traceparent, tracestate) ??
    readTraceContext(headers?.get('traceparent'), headers?.get('tracestate'));
  return {
    ...(tool !== undefined && { tool }),
    transport: http === undefined ? 'pipe' : 'tcp',
    ...(parent !== undefined && { parent }),
  };
}

/** The same words for a name that does not exist and for one that is closed. */
function unknownTool(name: string, search: boolean): string {
  const next = search
    ? `${searchTools.find} finds the actions; ${searchTools.read} and ${searchTools.write} run them.`
    : `${statusTool.id} tells what is open and what would open more.`;
  return `Unknown tool: ${oneLine(name, 80)}. ${next}`;
}

function callOptions(ctx: ServerContext): CallOptions {
  const { signal, _meta } = ctx.mcpReq;
  const token = _meta?.progressToken;
  if (token === undefined) return { signal };
  return {
    signal,
    progress: (done, total, unit) => {
      const params = {
        progressToken: token,
        progress: done,
        ...(total !== undefined && { total }),
        message: `${done} ${unit}`,
      };
      // Progress is a courtesy: a client that is gone must not fail the call.
      ctx.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}

/** A bug stays a bug: logged with its stack, told without it. */
function bug(app: App, tool: string, error: unknown) {
  app.log.error('bug', { tool, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return failed('upstream', 'This server failed on an error of its own. It is in the log on stderr.', {
    code: 'INTERNAL',
    sent: 'maybe',
  }).failure;
}
