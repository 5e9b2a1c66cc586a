// The sandbox's public types: what a caller may ask for and what it gets back. Types only; must hold no behaviour.

export type Cloud = 'aws' | 'azure' | 'gcp';

export interface SandboxOptions {
  /** Decides the cloud fields of the seed and which routes exist. Default 'aws'. */
  cloud?: Cloud;
  /** What the built-in principal's secret is bound to; undefined or [] means unrestricted (all-apis). */
  scopes?: readonly string[];
  /** Bind address, default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Rows of the generated billable-usage CSV per month, default 400. */
  usageRowsPerMonth?: number;
  /** Epoch milliseconds, default Date.now. */
  now?: () => number;
  /** One line per request (method, path, status); never credentials. */
  log?: (line: string) => void;
}

export interface RecordedRequest {
  method: string;
  /** Raw path as on the wire, without the query. */
  path: string;
  /** Raw query, without '?'. */
  query: string;
  /** Lower-case names; authorization keeps only its scheme. */
  headers: Record<string, string>;
  /** Body text; credentials of the token form are masked. */
  body: string;
  /** Answered status; 0 while pending or when the connection was dropped. */
  status: number;
}

export interface FaultRule {
  /** For example 'GET /api/2.0/accounts/*\/scim/v2/Users*'. The method may be '*'; '*' matches any run of characters. */
  pattern: string;
  action: 'status' | 'delay' | 'drop';
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** How many requests it hits; default unlimited. */
  times?: number;
  /** Let the first n matching requests pass. */
  offset?: number;
  /** Keep the effect of the request, replace only the answer. */
  afterHandler?: boolean;
}

export interface Sandbox {
  readonly url: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** API and token requests seen so far, oldest first (bounded). Control requests are not recorded. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  addFault(rule: FaultRule): void;
  clearFaults(): void;
  close(): Promise<void>;
}
