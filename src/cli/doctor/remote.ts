/** Whether a server that a client reaches over HTTP is there: one hello without a token, which it may well refuse. */
import { ActionError } from '../../core/errors.js';
import { explain } from '../../core/explain.js';
import { createHttp } from '../../databricks/http.js';
import { product } from '../../version.js';
import { type Finding, fail, ok } from './finding.js';
import type { Patience } from './talk.js';

type Env = Readonly<Record<string, string | undefined>>;

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: product },
};

/** `title`: names the entry. The token stays where it is: it is the client's. */
export async function checkRemote(title: string, url: string, env: Env, patience: Patience): Promise<Finding> {
  const { origin, pathname, search } = new URL(url);
  // A query may hold a token.
  const shown = origin + pathname;
  const { milliseconds, signal } = patience;
  const http = createHttp({ origin, userAgent: `${product.name}/${product.version}`, env });
  try {
    const { status } = await http.request(
      {
        method: 'POST',
        path: pathname + search,
        headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify(hello),
      },
      { firstByte: milliseconds, idle: milliseconds, attempt: milliseconds, maxBytes: 1024 * 1024 },
      signal,
    );
    if (status === 401) return ok('client', `${title}: ${shown} is there and asks for a token`);
    if (status === 200) return ok('client', `${title}: ${shown} is there and asks nobody for a token`);
    return fail('client', `${title}: ${shown} answers ${status}.`, 'Check the address; MCP is at /mcp.', 'network');
  } catch (error) {
    if (!(error instanceof ActionError) || error.failure.kind === 'cancelled') throw error;
    const { failure } = error;
    const refused = failure.code === 'ECONNREFUSED';
    const fix = refused ? `Start it: ${product.name} http` : explain(failure).next;
    const code = failure.code === undefined ? '' : ` (${failure.code})`;
    return fail('client', `${title}: ${shown} cannot be reached${code}.`, fix, failure.kind);
  } finally {
    await http.close();
  }
}
