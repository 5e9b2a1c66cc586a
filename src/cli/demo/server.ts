/** Starts this program as an MCP server on the sandbox account and connects a real MCP client to it, as an assistant would. */
import type { Client } from '@modelcontextprotocol/client';
import { failed } from '../../core/errors.js';
import { product } from '../../version.js';
import { installation } from '../installation.js';

export interface ServerOptions {
  readonly scopes: string;
  /** Takes the place of the user's home, so that nothing is left behind. */
  readonly home: string;
  /** The user in front of the client: is shown the question, and decides. */
  readonly decide: (question: string) => boolean;
}

export async function connect({ scopes, home, decide }: ServerOptions): Promise<Client> {
  const { Client, StdioClientTransport, getDefaultEnvironment } = await loadClient();
  const client = new Client(
    { name: `${product.name}-demo`, version: product.version },
    { capabilities: { elicitation: {} } },
  );
  client.setRequestHandler('elicitation/create', ({ params: { message } }) => ({
    action: 'accept',
    content: { approve: decide(message) },
  }));
  const elsewhere = { HOME: home, USERPROFILE: home, XDG_STATE_HOME: home, LOCALAPPDATA: home };
  await client.connect(
    new StdioClientTransport({
      command: installation.node,
      args: [installation.main, 'stdio', '--sandbox', '--scopes', scopes],
      env: { ...getDefaultEnvironment(), ...elsewhere },
    }),
  );
  return client;
}

/** The client is no part of the product, which serves: it comes with the tools to develop it. */
async function loadClient() {
  try {
    const [main, stdio] = await Promise.all([
      import('@modelcontextprotocol/client'),
      import('@modelcontextprotocol/client/stdio'),
    ]);
    return { ...main, ...stdio };
  } catch (error) {
    throw failed(
      'configuration',
      'The demo needs an MCP client, which is not installed here.',
      { next: 'Run it from a clone: npm ci && npm run demo' },
      error,
    );
  }
}
