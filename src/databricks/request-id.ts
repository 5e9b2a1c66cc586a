/**
 * An id of the HTTP request that is being served: in our log, and as `X-Request-Id` of what it makes us ask Databricks.
 * Made here, never the caller's own. Undefined over stdio, where there is no such request.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const served = new AsyncLocalStorage<string>();

/** Runs `work`, and all it starts, as part of serving a request. */
export const withRequestId = <T>(id: string, work: () => T): T => served.run(id, work);

export const currentRequestId = (): string | undefined => served.getStore();
