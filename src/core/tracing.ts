/** What the server tells of its work to whoever measures it. Who that is, is not known here; usually nobody. */
import type { Method } from '../../tools/action.js';
import type { TraceContext } from './trace-context.js';

export interface TracedCall {
  /** A name of the catalogue, never one that a client made up; without one, the tool does not exist. */
  readonly tool?: string;
  /** How the call came in. */
  readonly transport: 'pipe' | 'tcp';
  /** The caller's span. */
  readonly parent?: TraceContext;
}

/** How a call ended: nothing to say where it went well. */
export interface CallEnd {
  /** An error result, by the kind of failure. */
  readonly failure?: string;
}

export interface TracedRequest {
  readonly method: Method;
  /** The path with names in the place of ids. */
  readonly route: string;
  /** 1 for the first sending of a request. */
  readonly attempt: number;
}

export interface Tracing {
  /** Measures one tool call. `run` is told where to say how it ended; what it throws ends it as a protocol error. */
  call<T>(call: TracedCall, run: (end: (how: CallEnd) => void) => Promise<T>): Promise<T>;
  /** Measures one sending of a request to Databricks; within a call it belongs to that. */
  request<T extends { readonly status: number }>(request: TracedRequest, send: () => Promise<T>): Promise<T>;
}

const ignore = () => {};

export const noTracing: Tracing = {
  call: (_call, run) => run(ignore),
  request: (_request, send) => send(),
};
