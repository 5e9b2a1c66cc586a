/** What the keys in the shared store are called. The braces keep them on one node of a cluster. */
export const keyFor = (...parts: readonly string[]): string => ['{databricks-mcp}', ...parts].join(':');
