/** A request that is not served: its status, what to say, and what else the answer carries. */

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Why, in one word, for the log and the metrics. */
  readonly reason: string;
  /** Whatever else comes over this connection is not looked at. */
  readonly close?: boolean;
}

export const refusal = (
  status: number,
  reason: string,
  message: string,
  more: Pick<Refusal, 'headers' | 'close'> = {},
): Refusal => ({ status, reason, message, ...more });

/** JSON-RPC's shape on every route: MCP clients read it, and others can. */
export const bodyOf = ({ message }: Refusal): string =>
  JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });

export const isRefusal = (value: object): value is Refusal => 'reason' in value && 'status' in value;
