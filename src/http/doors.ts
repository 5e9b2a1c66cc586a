/** What the front asks of the MCP doors behind it. Web-standard, so that either side can be tested without the other. */
import type { Caller } from './caller.js';
import type { RequestPins } from './pins.js';

export interface Doors {
  /** Serves /mcp, /sse and /messages for a caller who is who it says. The request carries no credentials. */
  readonly fetch: (request: Request, caller: Caller, pins: RequestPins) => Promise<Response>;
  /** Nobody will answer any more: ends the calls that wait for a person. */
  leave(): void;
  /** Resolves when no call is in flight. */
  idle(): Promise<void>;
  /** Ends all streams and sessions. */
  close(): Promise<void>;
}
