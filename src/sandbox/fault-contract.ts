// The public type of a planned fault. Types only; must hold no behaviour.

export type FaultAction =
  /** Answers `status` with `body` and `headers`. */
  | 'status'
  /** An HTML page where JSON was asked for: the `page` 'login' (status 200) or 'gateway' (502). */
  | 'html'
  /** Closes the connection without an answer, politely (FIN). */
  | 'drop'
  /** Closes it with a TCP reset. */
  | 'reset'
  /** Never answers; ends when the client goes away or the sandbox is reset or closed. */
  | 'stall'
  /** Answers late: waits `delayMs` before the handler, with afterHandler between effect and answer. */
  | 'delay'
  /** Sends the headers, then the body byte by byte, waiting `delayMs` before each. */
  | 'drip'
  /** Promises the whole body and sends half of it: by Content-Length or, with `chunked`, without a last chunk. */
  | 'truncate'
  /** A body that claims to be JSON and is none; `body` decides which. */
  | 'bad_json'
  /** A body in `encoding` that unpacks to `bytes`. */
  | 'bomb'
  /** Sends the client to `location` with a `status` of 301, 302 (default), 303, 307 or 308. */
  | 'redirect'
  /** Adds `headerLines` to the answer, each as a line of its own. */
  | 'duplicate_headers'
  /** Adds `count` headers (default 1) of together `bytes` (default 1 MiB). */
  | 'huge_headers'
  /**
   * A GET answers as before the last change that shows in it. Only changes made while the rule is in place are remembered; a GET
   * that shows none of them passes and is no hit.
   */
  | 'stale_read'
  /** Serves the request with a clock off by `skewMs`: Date header, expiry of issued tokens, verdict on presented ones. */
  | 'clock_skew'
  /** Sends `signal` to process `pid` and drops the connection. */
  | 'kill_client';

/**
 * Who is hit: `pattern`, `offset`, `times`, `probability`. Of several rules the first that hits counts.
 *
 * Without `afterHandler` a hit request has no effect, with it the effect happens and only the answer suffers. `delay`, `clock_skew` and
 * `stale_read` let the request through either way. The actions that damage an answer (drip, truncate, bad_json, bomb and both header
 * ones) damage the real one where a handler ran (always for GET and the token endpoint), else a made-up one with status 200.
 */
export interface FaultRule {
  /** For example 'GET /api/2.0/accounts/*\/scim/v2/Users*'. The method may be '*'; '*' matches any run of characters. */
  pattern: string;
  action: FaultAction;
  /** Let the first n matching requests pass. */
  offset?: number;
  /** How many requests it hits; default unlimited, for kill_client 1. */
  times?: number;
  /** 0 to 1, default 1: the chance of each request that offset and times leave. Decided by the rule's own dice. */
  probability?: number;
  /** Of these dice, default 0: the same rule hits the same requests every time. */
  seed?: number;
  /** Keep the effect of the request, replace only the answer. */
  afterHandler?: boolean;
  /** Every action waits this long before it acts; drip before each byte. */
  delayMs?: number;
  /** Replaces the status of what is answered. */
  status?: number;
  /** Replaces its body (not that of a bomb). */
  body?: string;
  /** Added to what is answered. */
  headers?: Record<string, string>;
  page?: 'login' | 'gateway';
  location?: string;
  chunked?: boolean;
  /** bomb: default 200 MiB, default encoding gzip. */
  bytes?: number;
  encoding?: 'gzip' | 'deflate' | 'br';
  /** Name and value of each; default two further, contradicting Content-Length lines. */
  headerLines?: [name: string, value: string][];
  count?: number;
  skewMs?: number;
  /** Never 0, 1 or the sandbox's own. */
  pid?: number;
  /** Default SIGKILL. */
  signal?: string;
}
