/**
 * Turns calls and requests into spans and measurements, named as OpenTelemetry's conventions for MCP and HTTP have it.
 * Everything in them comes from the catalogue or a closed list: no arguments, no ids, no words of Databricks.
 */
// https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Context, Histogram, Span, Tracer } from '@opentelemetry/api';
import { ActionError } from '../core/errors.js';
import type { TraceContext } from '../core/trace-context.js';
import type { CallEnd, TracedCall, Tracing } from '../core/tracing.js';

export interface SpanParts {
  readonly api: typeof import('@opentelemetry/api');
  /** Undefined where nobody wants traces. */
  readonly tracer: Tracer | undefined;
  /** Seconds of a call; undefined where nobody wants metrics. */
  readonly duration: Histogram | undefined;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

const method = 'tools/call';

export function createTracing({ api, tracer, duration, now }: SpanParts): Tracing {
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;
  /** The span of the call that is being carried out. A write that outlives its caller keeps it. */
  const current = new AsyncLocalStorage<Context>();

  const contextOf = (parent: TraceContext | undefined): Context => {
    if (parent === undefined) return ROOT_CONTEXT;
    const { traceId, spanId, flags, state } = parent;
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: flags,
      isRemote: true,
      ...(state !== undefined && { traceState: api.createTraceState(state) }),
    });
  };

  const finish = (span: Span | undefined, attributes: Attributes) => {
    span?.setAttributes(attributes);
    if (attributes['error.type'] !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };

  return {
    async call(call, run) {
      const attributes = attributesOf(call);
      const context = contextOf(call.parent);
      const name = call.tool === undefined ? method : `${method} ${call.tool}`;
      const span = tracer?.startSpan(name, { kind: SpanKind.SERVER, attributes }, context);
      const started = now();
      let end: Attributes = {};
      try {
        const within = span === undefined ? context : trace.setSpan(context, span);
        return await current.run(within, () =>
          run((how) => {
            end = endOf(how);
          }),
        );
      } catch (error) {
        end = { 'error.type': 'protocol_error' };
        throw error;
      } finally {
        finish(span, end);
        duration?.record((now() - started) / 1_000, { ...attributes, ...end });
      }
    },

    async request({ method, route, attempt }, send) {
      const attributes: Attributes = {
        'http.request.method': method,
        'url.template': route,
        ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
      };
      const span = tracer?.startSpan(
        `${method} ${route}`,
        { kind: SpanKind.CLIENT, attributes },
        current.getStore() ?? ROOT_CONTEXT,
      );
      let end: Attributes = {};
      try {
        const answer = await send();
        end = { 'http.response.status_code': answer.status };
        return answer;
      } catch (error) {
        end = failureOf(error);
        throw error;
      } finally {
        finish(span, end);
      }
    },
  };
}

const attributesOf = ({ tool, transport }: TracedCall): Attributes => ({
  'mcp.method.name': method,
  'gen_ai.operation.name': 'execute_tool',
  'network.transport': transport,
  ...(tool !== undefined && { 'gen_ai.tool.name': tool }),
});

/** The conventions have one word for all results that tell of an error; ours says which. */
const endOf = ({ failure }: CallEnd): Attributes =>
  failure === undefined ? {} : { 'error.type': 'tool_error', 'databricks_mcp.failure': failure };

function failureOf(error: unknown): Attributes {
  if (!(error instanceof ActionError)) return { 'error.type': 'bug' };
  const { kind, status } = error.failure;
  return { 'error.type': kind, ...(status !== undefined && { 'http.response.status_code': status }) };
}
