/**
 * What the conformance suite needs of a server beyond ours: tools, resources and prompts it knows by name. They stand
 * behind the product's own front, doors, sessions and streams, in the place of the catalogue.
 */
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { App } from '../../../src/app.js';
import type { McpServers } from '../../../src/mcp/server.js';
import { getPrompt, prompts, readResource, resources, resourceTemplates } from './fixture-documents.js';
import { questions, verifyState } from './fixture-questions.js';
import { fixtureTools, text } from './fixture-tools.js';

export interface Fixtures {
  readonly servers: McpServers;
  /** The app whose list of tools changes when a fixture says so. */
  readonly app: App;
}

export function createFixtures(app: App): Fixtures {
  const listeners = new Set<() => void>();
  const running = new Set<Promise<unknown>>();
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const changing = {
    name: 'test_trigger_tool_change',
    run: async () => {
      for (const listener of listeners) listener();
      return text('The list has changed.');
    },
  };
  const asking = Object.entries(questions).map(([name, run]) => ({ name, run }));
  const tools = [...fixtureTools, ...asking, changing];

  const create = (): Server => {
    const hints = { ttlMs: 60_000, cacheScope: 'private' } as const;
    const server = new Server(
      { name: 'conformance-fixtures', version: '1' },
      {
        capabilities: {
          tools: { listChanged: true },
          resources: { subscribe: true },
          prompts: {},
          completions: {},
          logging: {},
        },
        cacheHints: {
          'tools/list': hints,
          'prompts/list': hints,
          'resources/list': hints,
          'resources/templates/list': hints,
          'resources/read': hints,
        },
        requestState: { verify: verifyState },
        inputRequired: { legacyShim: false },
      },
    );
    server.setRequestHandler('tools/list', () => ({
      tools: tools.map((tool) => ({
        name: tool.name,
        description: `Fixture ${tool.name}`,
        inputSchema: ('inputSchema' in tool ? tool.inputSchema : undefined) ?? { type: 'object' as const },
      })),
    }));
    server.setRequestHandler('tools/call', ({ params }, ctx) => {
      const tool = tools.find(({ name }) => name === params.name);
      if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown tool.');
      const work = tool.run(ctx, params.arguments ?? {});
      running.add(work);
      const done = () => running.delete(work);
      work.then(done, done);
      return work;
    });
    server.setRequestHandler('resources/list', () => ({ resources }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates }));
    server.setRequestHandler('resources/read', ({ params }) => readResource(params.uri));
    server.setRequestHandler('resources/subscribe', () => ({}));
    server.setRequestHandler('resources/unsubscribe', () => ({}));
    server.setRequestHandler('prompts/list', () => ({ prompts }));
    server.setRequestHandler('prompts/get', ({ params }, ctx) => getPrompt(params.name, params.arguments ?? {}, ctx));
    server.setRequestHandler('completion/complete', () => ({ completion: { values: ['paris', 'park', 'party'] } }));
    return server;
  };

  return {
    app: { ...app, access: { ...app.access, onChange } },
    servers: {
      create,
      announcing(server) {
        server.onclose = onChange(() => void server.sendToolListChanged().catch(() => {}));
        return server;
      },
      inFlight: () => running.size,
      leave: () => {},
      idle: async () => void (await Promise.allSettled(running)),
    },
  };
}
