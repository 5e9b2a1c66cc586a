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
import type { Action } from '../../tools/action.js';
import { answerOf, answerOfFailure } from '../answers.js';
import type { App } from '../app.js';
import type { CallOptions } from '../call.js';
import { ActionError, failed } from '../core/errors.js';
import { oneLine } from '../core/visible.js';
import { visibleAnswer } from '../core/visible-json.js';
import { statusTool } from '../status.js';
import { product } from '../version.js';
import { asInputRequired, clientName, createSeal, type Era, formOf, InputNeeded } from './ask.js';
import { instructions } from './instructions.js';
import { type ToolDefinition, toolList } from './tools.js';

export interface McpServers {
  /** A fresh server for one connection or request. */
  create(era: Era): Server;
  /** Nobody will answer any more: ends the calls that wait for a person. */
  leave(): void;
  /** Resolves when no call is in flight. */
  idle(): Promise<void>;
}

interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent: Record<string, unknown>;
  isError?: boolean;
}

/** `caller`: who calls through this door, as the server knows it. */
export function createMcpServers(app: App, caller: string): McpServers {
  const view = createView(app);
  const running = new Set<Promise<unknown>>();
  const leaving = new AbortController();
  const seal = createSeal(() => app.deriveKey(`questions of ${caller}`), caller);

  const call = async (
    server: Server,
    era: Era,
    name: string,
    args: unknown,
    ctx: ServerContext,
  ): Promise<ToolResult | InputRequiredResult> => {
    const started = performance.now();
    const action = view.byName(name);
    if (action === undefined && name !== statusTool.id) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, unknownTool(app.redactor.scrub(name)));
    }
    const { accountId } = app.configuration;
    const options = (): CallOptions => {
      const client = clientName(server, ctx);
      const form = formOf(server, era, ctx, leaving.signal);
      return { ...callOptions(ctx), caller, ...(client !== undefined && { client }), ...(form && { form }) };
    };
    try {
      const answer =
        action === undefined
          ? await status(app, args, ctx.mcpReq.signal)
          : answerOf(await app.executor.execute(action, args, options()), accountId);
      app.log.info('call', { tool: name, ok: true, ms: Math.round(performance.now() - started) });
      return asResult(app, answer);
    } catch (error) {
      if (error instanceof InputNeeded) return asInputRequired(seal, error.asked, ctx);
      const failure = error instanceof ActionError ? error.failure : bug(app, name, error);
      app.log.info('call', { tool: name, ok: false, kind: failure.kind, ms: Math.round(performance.now() - started) });
      return { ...asResult(app, answerOfFailure(failure, action, accountId, app.redactor.scrub)), isError: true };
    }
  };

  return {
    create(era) {
      const server = new Server(
        { name: product.name, title: 'Databricks account actions', version: product.version },
        {
          instructions: instructions(app),
          capabilities: { tools: { listChanged: true } },
          cacheHints: { 'tools/list': { ttlMs: 300_000, cacheScope: 'private' } },
          requestState: { verify: seal.verify },
          // Asking before 2026-07-28 is done here, with progress and a time of our own.
          inputRequired: { legacyShim: false },
        },
      );
      server.setRequestHandler('tools/list', () => ({ tools: view.tools() as never }));
      server.setRequestHandler('tools/call', (request, ctx) => {
        const work = call(server, era, request.params.name, request.params.arguments, ctx);
        running.add(work);
        const done = () => running.delete(work);
        work.then(done, done);
        return work;
      });
      const stop = app.access.onChange(() => {
        server
          .sendToolListChanged()
          .catch((error: unknown) => app.log.debug('list_changed_not_sent', { error: String(error) }));
      });
      server.onclose = stop;
      return server;
    },
    leave: () => leaving.abort(),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
      await app.executor.idle();
    },
  };
}

/** What is open now, kept until the grant changes. */
function createView({ access }: App) {
  let of: readonly Action[] | undefined;
  let tools: ToolDefinition[] = [];
  let names = new Map<string, Action>();
  const refresh = () => {
    if (of === access.permitted) return;
    of = access.permitted;
    tools = toolList(of);
    names = new Map(of.map((action) => [action.id, action]));
  };
  return {
    tools() {
      refresh();
      return tools;
    },
    byName(name: string) {
      refresh();
      return names.get(name);
    },
  };
}

/** The same words for a name that does not exist and for one that is closed. */
const unknownTool = (name: string) =>
  `Unknown tool: ${oneLine(name, 80)}. ${statusTool.id} tells what is open and what would open more.`;

async function status(app: App, args: unknown, signal: AbortSignal): Promise<Record<string, unknown>> {
  if (args !== undefined && (typeof args !== 'object' || args === null || Object.keys(args).length > 0)) {
    throw failed('input', 'This tool takes no arguments.');
  }
  return app.status(signal);
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

/**
 * Characters of an answer. It is sent twice, as text and as structured content, and the SDK's clients give up the
 * connection over a message of 10 MB.
 */
const longestAnswer = 3_500_000;

/** Text for models and the same as structured content for programs; nothing in either is hidden. */
function asResult({ redactor }: App, answer: Record<string, unknown>): ToolResult {
  const clean = redactor.scrubAnswer(answer);
  const { text, structured } = visibleAnswer(clean);
  if (text.length <= longestAnswer) return { content: [{ type: 'text', text }], structuredContent: structured };
  const { account_id, outcome } = clean;
  const advice = 'Ask for less: a smaller count or page_size, fewer attributes or fields, a filter.';
  const short = {
    ...(account_id !== undefined && { account_id }),
    ...(outcome === undefined
      ? {
          error: {
            kind: 'unreadable',
            code: 'ANSWER_TOO_LARGE',
            message: 'The answer is too large to pass on.',
            retryable: false,
            next: advice,
          },
        }
      : { outcome, data: null, note: 'The change is made; its answer is too large to pass on. Read it back in part.' }),
  };
  return {
    content: [{ type: 'text', text: JSON.stringify(short) }],
    structuredContent: short,
    ...(outcome === undefined && { isError: true }),
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
