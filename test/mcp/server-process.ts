/**
 * The real server program as a client starts it: `node dist/src/cli/main.js stdio` with an environment and a home of its
 * own. Keeps what the process wrote to stderr; reads no setting of the machine it runs on.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after } from 'node:test';
import { Client, type ClientOptions, type VersionNegotiationMode } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { escapeValue } from '../../src/core/visible-json.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { unasked } from './unasked.js';

export const program = join(import.meta.dirname, '../../src/cli/main.js');

// Inherited by the servers: a file is private because they ask for it, not because this machine is careful.
process.umask(0o002);

const endings: (() => unknown)[] = [];

// Registered here and not where a thing is made: an `after` inside a hook or a test would end it with that.
after(async () => {
  const failures: unknown[] = [];
  for (const end of endings.reverse()) {
    try {
      await end();
    } catch (error) {
      // The others end all the same: what is left open keeps the whole run from ending.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `Not ended: ${failures.join('; ')}`);
});

/** Runs this when the test file is done, the last one first. */
export const atEnd = (end: () => unknown): void => void endings.push(end);

/** A home that is removed when the test file is done. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-'));
  atEnd(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** The whole environment of a server: nothing of ours but PATH comes along. */
export const environment = (home: string, settings: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  ...settings,
});

/** The settings a person would make to reach this sandbox. */
export const settingsFor = (sandbox: Sandbox, scopes: string, secret = sandbox.clientSecret) => ({
  DATABRICKS_HOST: sandbox.url,
  DATABRICKS_ACCOUNT_ID: sandbox.accountId,
  DATABRICKS_CLIENT_ID: sandbox.clientId,
  DATABRICKS_CLIENT_SECRET: secret,
  DATABRICKS_SCOPES: scopes,
});

export interface ServerOptions {
  readonly settings?: Record<string, string>;
  readonly home?: string;
  /** The operator lets every write through: for tests that are not about approval. */
  readonly unasked?: boolean;
  /** Command line after `stdio`. */
  readonly flags?: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  readonly mode?: VersionNegotiationMode;
  readonly client?: ClientOptions;
  /** Before it connects: handlers for what the server may ask. */
  readonly prepare?: (client: Client) => void;
}

export const allSettings = (options: ServerOptions, home: string): Record<string, string> => ({
  ...(options.unasked && unasked(home)),
  ...options.settings,
});

export interface Connected {
  readonly client: Client;
  readonly home: string;
  readonly pid: number;
  /** What the process wrote to stderr so far. */
  readonly stderr: () => string;
}

/** Starts a server with a v2 client connected to it; both end with the test file. */
export async function connect(options: ServerOptions = {}): Promise<Connected> {
  const { home = temporaryHome(), flags = [], nodeOptions = [], mode = { pin: '2026-07-28' } } = options;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...nodeOptions, program, 'stdio', ...flags],
    env: environment(home, allSettings(options, home)),
    cwd: home,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const client = new Client({ name: 'test', version: '1' }, { ...options.client, versionNegotiation: { mode } });
  options.prepare?.(client);
  atEnd(() => client.close());
  await client.connect(transport).catch((error: unknown) => {
    throw new Error(`The server did not start. It said: ${stderr}`, { cause: error });
  });
  return { client, home, pid: transport.pid ?? 0, stderr: () => stderr };
}

/** A tool's answer as every caller gets it: structured content, proven to be the same as the text. */
export interface ToolAnswer {
  readonly failed: boolean;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came back
  readonly json: any;
}

/** Calls a tool with any client that has `callTool`. */
export async function call(
  client: { callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown> },
  name: string,
  args: Record<string, unknown> = {},
): Promise<ToolAnswer> {
  return answerOf(await client.callTool({ name, arguments: args }));
}

/** Reads a tool result; text and structure have to say the same, the structure with hidden characters spelled out. */
export function answerOf(result: unknown): ToolAnswer {
  const { content, structuredContent, isError } = result as {
    content: { type: string; text: string }[];
    structuredContent: unknown;
    isError?: boolean;
  };
  assert.equal(content.length, 1);
  assert.equal(content[0]?.type, 'text');
  const text = content[0]?.text ?? '';
  assert.deepEqual(escapeValue(JSON.parse(text)), structuredContent);
  return { failed: isError === true, text, json: structuredContent };
}
