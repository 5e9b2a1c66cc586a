/**
 * The calls of tools: what is asked for, its answer in the protocol's shape, and the words for what goes wrong. Loaded
 * with the app, after a client has its list.
 */
import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { answerOfFailure } from '../answers.js';
import type { App } from '../app.js';
import type { CallOptions } from '../call.js';
import { ActionError, failed } from '../core/errors.js';
import { readTraceContext } from '../core/trace-context.js';
import type { CallEnd, TracedCall } from '../core/tracing.js';
import { oneLine } from '../core/visible.js';
import { statusTool } from '../status-tool.js';
import { asInputRequired, clientName, createSeal, type Era, formOf, InputNeeded, type Seal } from './ask.js';
import { type Asked, createReading } from './asked.js';
import { asResult, type ToolResult, takesStructure } from './result.js';
import { searchTools } from './search-tools.js';
import type { Visit } from './visit.js';

/** A server and whom it serves. */
export interface Served {
  readonly server: Server;
  readonly era: Era;
  readonly visit: Visit;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments?: unknown;
}

export interface Calls {
  readonly app: App;
  /** Throws protocol errors alone. */
  run(served: Served, asked: ToolCall, ctx: ServerContext): Promise<ToolResult | InputRequiredResult>;
  /** The seal of the questions to those whom this server serves. */
  sealOf(served: Served): Seal;
}

/** `leaving`: nobody will answer any more. */
export function createCalls(app: App, leaving: AbortSignal): Calls {
  const reading = createReading(app);
  const seals = new WeakMap<Served, Seal>();
  const sealOf = (served: Served): Seal => {
    const { caller } = served.visit;
    const seal = seals.get(served) ?? createSeal(() => app.deriveKey(`questions of ${caller}`), caller);
    seals.set(served, seal);
    return seal;
  };

  const call = async (
    served: Served,
    asked: Asked,
    ctx: ServerContext,
    end: (how: CallEnd) => void,
  ): Promise<ToolResult | InputRequiredResult> => {
    const started = performance.now();
    const { server, era, visit } = served;
    const { caller, policy } = visit;
    const { name, action } = asked;
    const client = clientName(server, ctx);
    const structure = takesStructure(client, server.getNegotiatedProtocolVersion());
    const options = (): CallOptions => {
      const form = formOf(server, era, ctx, leaving);
      return { ...callOptions(ctx), caller, policy, ...(client !== undefined && { client }), ...(form && { form }) };
    };
    const done = (facts: object) =>
      app.log.info('call', { tool: name, caller, ...facts, ms: Math.round(performance.now() - started) });
    try {
      const answer = await asked.answer(options());
      done({ ok: true });
      return asResult(answer, structure);
    } catch (error) {
      if (error instanceof InputNeeded) return asInputRequired(sealOf(served), error.asked, ctx);
      const failure = error instanceof ActionError ? error.failure : bug(app, name, error);
      done({ ok: false, kind: failure.kind });
      end({ failure: failure.kind });
      const { configuration, redactor } = app;
      const answer = answerOfFailure(failure, action, configuration.accountId, redactor.scrub);
      return { ...asResult(redactor.scrubAnswer(answer), structure), isError: true };
    }
  };

  return {
    app,
    sealOf,
    run(served, { name, arguments: args }, ctx) {
      const asked = reading(served.visit, name, args);
      return app.tracing.call(tracedCall(asked?.name, ctx), async (end) => {
        if (asked !== undefined) return call(served, asked, ctx, end);
        const text = unknownTool(app.redactor.scrub(name), served.visit.search);
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, text);
      });
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
