/**
 * A sandbox account, the doors of HTTP in front of it in this process, and clients of every kind at them. In the place of
 * the front, headers of the test say who calls and with which pins.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type App, createApp } from '../../src/app.js';
import type { PolicyFlags } from '../../src/guard/policy-settings.js';
import { type Caller, type CallerScope, callerScopes } from '../../src/http/caller.js';
import type { Doors } from '../../src/http/doors.js';
import type { RequestPins } from '../../src/http/pins.js';
import { createDoors, type DoorOptions } from '../../src/mcp/doors.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { Account } from '../end-to-end/account.js';
import { atEnd, call, environment, settingsFor, type ToolAnswer, temporaryHome } from '../mcp/server-process.js';
import type { Answer, Person, Question } from '../trust/world.js';

export interface Place {
  readonly url: string;
  readonly app: App;
  readonly doors: Doors;
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly home: string;
  /** The records of the account's journal, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was recorded
  journal(): any[];
}

export interface PlaceOptions {
  readonly policy?: PolicyFlags;
  readonly settings?: Record<string, string>;
  readonly doors?: DoorOptions;
  /** What the server's own token may do. */
  readonly scopes?: string;
}

/** Fresh for each who asks; gone with the test file. */
export async function place(options: PlaceOptions = {}): Promise<Place> {
  const sandbox = await startSandbox();
  atEnd(() => sandbox.close());
  const home = temporaryHome();
  const app = await createApp({
    flags: {},
    policy: options.policy ?? {},
    env: environment(home, { ...settingsFor(sandbox, options.scopes ?? 'all-apis'), ...options.settings }),
    stateDirectory: join(home, 'state'),
    logLevel: 'silent',
  });
  const doors = createDoors(app, options.doors);
  const server = createServer(
    // Its types are looser than Node's.
    toNodeHandler({ fetch: (request) => doors.fetch(request, callerIn(request), pinsIn(request)) }) as RequestListener,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    doors.leave();
    await doors.close();
    server.close();
    server.closeAllConnections();
    await doors.idle();
    await app.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    doors,
    sandbox,
    account: await Account.of(sandbox),
    home,
    journal: () =>
      readFileSync(join(home, 'state', 'journal', `${sandbox.accountId}.jsonl`), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

/** Who calls, as the test says: name and scopes. */
export interface Who {
  readonly name?: string;
  readonly scopes?: readonly CallerScope[];
  readonly pins?: RequestPins;
  readonly expiresAt?: number;
}

/** What the front would have found out. */
export const headersOf = ({
  name = 'ann',
  scopes = callerScopes,
  pins = {},
  expiresAt,
}: Who): Record<string, string> => ({
  'x-test-caller': JSON.stringify({ id: `token:${name}`, scopes, expiresAt }),
  'x-test-pins': JSON.stringify(pins),
});

export function callerIn({ headers }: Request): Caller {
  const { id, scopes, expiresAt } = JSON.parse(headers.get('x-test-caller') ?? '');
  return { id, scopes: new Set(scopes), expiresAt };
}

export const pinsIn = ({ headers }: Request): RequestPins => JSON.parse(headers.get('x-test-pins') ?? '{}');

export const kinds = ['modern', 'legacy', 'sse', 'v1', 'v1 sse'] as const;
export type Kind = (typeof kinds)[number];

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number }) => void;
}

export interface Visitor {
  readonly client: Client | ClientV1;
  /** The SDK's own call, with what goes beside it. */
  callWith(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
  call(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  names(): Promise<string[]>;
  /** What the person was asked. */
  readonly asked: Question[];
}

/** A client of this kind; with a person, one that can ask. */
export async function visitor(
  { url }: Pick<Place, 'url'>,
  kind: Kind,
  who: Who = {},
  person?: Person,
  headers: Record<string, string> = {},
): Promise<Visitor> {
  const asked: Question[] = [];
  const answer = async (params: unknown): Promise<Answer> => {
    asked.push(params as Question);
    assert.ok(person !== undefined);
    return person(params as Question);
  };
  const capabilities = person === undefined ? {} : { elicitation: { form: {} } };
  const requestInit = { headers: { ...headers, ...headersOf(who) } };
  const client =
    kind === 'v1' || kind === 'v1 sse'
      ? new ClientV1({ name: 'test', version: '1' }, { capabilities })
      : new Client(
          { name: 'test', version: '1' },
          { capabilities, versionNegotiation: { mode: kind === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
        );
  atEnd(() => client.close());
  if (client instanceof ClientV1) {
    if (person) client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({ ...(await answer(params)) }));
    const transport =
      kind === 'v1'
        ? new HttpV1(new URL(`${url}/mcp`), { requestInit })
        : new SseV1(new URL(`${url}/sse`), { requestInit });
    // That SDK was not written for exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<ClientV1['connect']>[0]);
  } else {
    if (person) client.setRequestHandler('elicitation/create', async ({ params }) => ({ ...(await answer(params)) }));
    const transport: Transport =
      kind === 'sse'
        ? new SSEClientTransport(new URL(`${url}/sse`), { requestInit })
        : new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit });
    await client.connect(transport);
  }
  return {
    client,
    asked,
    callWith: (name, args, options) => {
      const params = { name: `databricks_${name}`, arguments: args };
      return client instanceof ClientV1
        ? client.callTool(params, undefined, options)
        : client.callTool(params, options);
    },
    call: (name, args = {}) => call(client as never, `databricks_${name}`, args),
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came back
export type Json = any;

/** A POST as no client library would send it. */
export const post = (
  place: Pick<Place, 'url'>,
  path: string,
  body: unknown,
  who: Who = {},
  headers: Record<string, string> = {},
) =>
  fetch(place.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headersOf(who),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const hello = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'raw', version: '1' },
  },
};

export const request = (method: string, params: object = {}, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

/** A request of the 2026-07-28 revision with its headers. */
export function modern(
  method: string,
  params: { readonly name?: string; readonly [key: string]: unknown } = {},
  id: number | string = 1,
) {
  const version = '2026-07-28';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  };
  return {
    body: request(method, { _meta: meta, ...params }, id),
    headers: {
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(params.name !== undefined && { 'mcp-name': params.name }),
    },
  };
}

/** Opens a session of 2025-11-25 and returns its id. */
export async function openSession(place: Place, who: Who = {}, headers: Record<string, string> = {}): Promise<string> {
  const response = await post(place, '/mcp', hello, who, headers);
  assert.equal(response.status, 200);
  await response.text();
  const id = response.headers.get('mcp-session-id') ?? '';
  assert.notEqual(id, '');
  return id;
}

/** The JSON-RPC message an answer holds, whether as JSON or as the last event of a stream. */
export async function messageIn(response: Response): Promise<Json> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('application/json')) return JSON.parse(text);
  const data = text.split('\n').findLast((line) => line.startsWith('data: {'));
  assert.ok(data !== undefined, `${response.status} ${text}`);
  return JSON.parse(data.slice(6));
}
