/** Begins a script that reckons by the clock of the store: `now`, epoch milliseconds. */
export const storeClock = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** What the keys in the shared store are called. The braces keep them on one node of a cluster. */
export const keyFor = (...parts: readonly string[]): string => ['{databricks-mcp}', ...parts].join(':');
