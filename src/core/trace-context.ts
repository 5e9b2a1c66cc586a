/** The W3C Trace Context that a caller sends along, read strictly: what is not exactly one is dropped. */
// https://www.w3.org/TR/trace-context/

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  /** Only where it keeps the grammar. */
  readonly state?: string;
}

const longestState = 512;
const mostMembers = 32;

const parentShape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const member = /^(?:[a-z0-9][a-z0-9_*/@-]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Undefined for anything but a `traceparent` of 55 characters. A bad `tracestate` is left out alone. */
export function readTraceContext(traceparent: unknown, tracestate: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length !== 55) return undefined;
  const [, version, traceId, spanId, flags] = parentShape.exec(traceparent) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const state = stateIn(tracestate);
  return { traceId, spanId, flags: Number.parseInt(flags, 16), ...(state !== undefined && { state }) };
}

function stateIn(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > longestState) return undefined;
  const members = text
    .split(',')
    .map((each) => each.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((each) => each !== '');
  const keys = members.map((each) => each.slice(0, each.indexOf('=')));
  const isRight = members.every((each) => member.test(each)) && new Set(keys).size === keys.length;
  return isRight && members.length > 0 && members.length <= mostMembers ? members.join(',') : undefined;
}
