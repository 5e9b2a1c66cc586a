/**
 * A sandbox account, servers in front of it, and clients whose user is the test: what a person is asked, what they
 * answer, and what the account really did.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Effect, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { Account } from '../end-to-end/account.js';
import {
  atEnd,
  call,
  connect,
  environment,
  program,
  settingsFor,
  type ToolAnswer,
  temporaryHome,
} from '../mcp/server-process.js';

export interface Question {
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever schema came
  readonly requestedSchema: any;
}

export interface Answer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string | number | boolean>;
}

/** The person in front of the client. */
export type Person = (question: Question) => Answer | Promise<Answer>;

/** Ticks the box and types what has to be typed. */
export const approves: Person = ({ message }) => {
  const typed = /^To approve, also type (.*)$/m.exec(message)?.[1];
  return { action: 'accept', content: { approve: true, ...(typed !== undefined && { name: typed }) } };
};
export const declines: Person = () => ({ action: 'decline' });

export interface World {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly home: string;
  readonly settings: Record<string, string>;
  /** Effects since the world was made or `forget` was called; those the test made past the server are left out by `forget`. */
  effects(): readonly Effect[];
  forget(): void;
}

/** A fresh account and a home for the servers that serve it; both are gone with the test file. */
export async function world(settings: Record<string, string> = {}, options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options);
  atEnd(() => sandbox.close());
  const account = await Account.of(sandbox);
  return {
    sandbox,
    account,
    home: temporaryHome(),
    settings: { ...settingsFor(sandbox, 'all-apis'), ...settings },
    effects: () => [...sandbox.effects],
    forget: () => sandbox.clearEffects(),
  };
}

/** Writes a policy file as the operator would and names it to the servers. */
export function policyIn(home: string, policy: object): Record<string, string> {
  const path = join(home, 'policy.json');
  writeFileSync(path, JSON.stringify(policy), { mode: 0o600 });
  return { DATABRICKS_MCP_POLICY_FILE: path };
}

export interface Asking {
  call(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  /** What the person was asked so far. */
  readonly asked: Question[];
  close(): Promise<void>;
}

export type Kind = 'modern' | 'legacy' | 'v1';
export const kinds: readonly Kind[] = ['modern', 'legacy', 'v1'];

/** A client of this kind whose user answers like this; without a person, a client that cannot ask. */
export async function client(world: World, kind: Kind, person?: Person): Promise<Asking> {
  const asked: Question[] = [];
  const answer = async (params: unknown): Promise<Answer> => {
    asked.push(params as Question);
    assert.ok(person !== undefined);
    return person(params as Question);
  };
  const capabilities = person === undefined ? {} : { elicitation: {} };
  if (kind === 'v1') {
    const { home, settings } = world;
    const transport = new TransportV1({
      command: process.execPath,
      args: [program, 'stdio'],
      env: environment(home, settings),
      stderr: 'ignore',
    });
    const v1 = new ClientV1({ name: 'test', version: '1' }, { capabilities });
    if (person !== undefined) {
      v1.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({ ...(await answer(params)) }));
    }
    atEnd(() => v1.close());
    await v1.connect(transport);
    return { asked, call: (name, args = {}) => call(v1 as never, `databricks_${name}`, args), close: () => v1.close() };
  }
  const { client: v2 } = await connect({
    settings: world.settings,
    home: world.home,
    mode: kind === 'modern' ? { pin: '2026-07-28' } : 'legacy',
    client: { capabilities },
    ...(person !== undefined && {
      prepare: (made) =>
        made.setRequestHandler('elicitation/create', async ({ params }) => ({ ...(await answer(params)) })),
    }),
  });
  return { asked, call: (name, args = {}) => call(v2, `databricks_${name}`, args), close: () => v2.close() };
}

/** The records of the account's journal, oldest first. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was recorded
export function journal({ home, sandbox }: World): any[] {
  const folder = join(home, 'state', 'databricks-actions-mcp', 'journal');
  const files = readdirSync(folder).filter((file) => file === `${sandbox.accountId}.jsonl`);
  return files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

/** The folder of this program's files in the world's home. */
export const stateOf = ({ home }: World): string => join(home, 'state', 'databricks-actions-mcp');
